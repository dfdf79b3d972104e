import { createServer, type Server } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { createAuthority, selfSigned, type Certificate } from '../support/certificates.js';
import { egressTo, FixedNames } from '../support/egress-to.js';

const LIMITS = { maxBytes: 1000, timeoutMs: 5000 };
const LONG_AGO = new Date('2020-01-01T00:00:00Z');
const NAMES = new FixedNames({ 'shop.test': ['127.0.0.1'] });

describe('certificates of addresses that somebody gave us', () => {
  const servers: Server[] = [];
  const known = getCACertificates('default');
  const authority = createAuthority();

  beforeAll(() => {
    setDefaultCACertificates([...known, authority.cert]);
  });
  afterAll(() => {
    setDefaultCACertificates(known);
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  const ask = async (certificate: Certificate): Promise<string> => {
    const server = createServer({ ...certificate }, (_request, response) => response.end('answered'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = `shop.test:${String((server.address() as { readonly port: number }).port)}`;
    const asking = egressTo({ allowed: [at], names: NAMES }).request(`https://${at}/`, LIMITS);
    return asking.then(
      async ({ body }) => (await buffer(body)).toString(),
      (error: unknown) => (error as { readonly code: string }).code,
    );
  };

  it('are taken when they are in order', async () => {
    expect(await ask(authority.sign({ name: 'shop.test' }))).toBe('answered');
  });

  it.each([
    ['signed by nobody', () => selfSigned({ name: 'shop.test' })],
    ['signed by an unknown authority', () => createAuthority().sign({ name: 'shop.test' })],
    ['over', () => authority.sign({ name: 'shop.test', from: LONG_AGO, until: new Date('2021-01-01T00:00:00Z') })],
    ['not begun', () => authority.sign({ name: 'shop.test', from: new Date(Date.now() + 3_600_000) })],
    ['of somebody else', () => authority.sign({ name: 'other.test' })],
  ])('S13 fail when they are %s, also where the environment says not to look', async (_what, certificate) => {
    expect(await ask(certificate())).toBe('url-unreachable');
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    expect(await ask(certificate())).toBe('url-unreachable');
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  });
});
