import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import type { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { Egress, publicLookup } from '../../src/platform/egress/egress.js';

const LIMITS = { maxBytes: 100_000, timeoutMs: 1500 };

describe('the way to addresses that somebody gave us', () => {
  const servers: Server[] = [];
  let connections = 0;

  const listen = async (answer: RequestListener): Promise<number> => {
    const server = createServer(answer);
    server.on('connection', () => (connections += 1));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as { readonly port: number }).port;
  };
  const egressTo = (...ports: readonly number[]): Egress =>
    new Egress(
      { allowedHosts: new Set(ports.map((port) => `127.0.0.1:${String(port)}`)), ownHosts: new Set(['gateway.test']) },
      { onDrain: () => undefined } as unknown as Lifecycle,
    );
  const codeOf = (asking: Promise<unknown>): Promise<string> =>
    asking.then(
      () => 'answered',
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    );

  beforeEach(() => {
    connections = 0;
  });
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('goes where the operator has allowed it, with our headers and no others', async () => {
    const port = await listen((request, response) => response.end(JSON.stringify(request.headers)));
    const answer = await egressTo(port).request(`http://127.0.0.1:${String(port)}/a`, LIMITS);
    const headers = JSON.parse((await buffer(answer.body)).toString()) as Record<string, string>;
    expect(headers['accept-encoding']).toBe('identity');
    expect(Object.keys(headers).filter((name) => /cookie|authorization|api-key/.test(name))).toEqual([]);
  });

  it('S1 S3 S4 S8 S9 S15 connects to nobody who was not allowed, whatever proxy the environment names', async () => {
    const port = await listen((_request, response) => response.end('trap'));
    process.env['HTTP_PROXY'] = `http://127.0.0.1:${String(port)}`;
    const egress = egressTo();
    const hosts = ['127.0.0.1', 'localhost', '2130706433', '0x7f000001', '127.1', '[::1]', '[::ffff:127.0.0.1]', '0'];
    for (const host of hosts) {
      for (const where of [`http://${host}/`, `http://${host}:${String(port)}/`, `http://${host}:8080/`]) {
        expect(['url-refused', 'url-unreachable']).toContain(await codeOf(egress.request(where, LIMITS)));
      }
    }
    expect(await codeOf(egress.request('http://gateway.test/', LIMITS))).toBe('url-refused');
    delete process.env['HTTP_PROXY'];
    expect(connections).toBe(0);
  });

  it('S5 takes no name that has even one address inside', async () => {
    await expect(
      new Promise((resolve, reject) => {
        publicLookup('localhost', { all: true }, (error, addresses) => {
          if (error) reject(error);
          else resolve(addresses);
        });
      }),
    ).rejects.toThrow('not public');
  });

  it.each([301, 302, 303, 307, 308])('S6 follows no redirect (%i)', async (status) => {
    const trap = await listen((_request, response) => response.end('inside'));
    const port = await listen((_request, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${String(trap)}/` }).end();
    });
    expect(await codeOf(egressTo(port, trap).request(`http://127.0.0.1:${String(port)}/`, LIMITS))).toBe('url-refused');
    expect(connections).toBe(1);
  });

  it('S10 says the same of a port that is closed, one that is silent and one that is no HTTP', async () => {
    const tcp = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const { port: noHttp } = tcp.address() as { readonly port: number };
    const silent = await listen(() => undefined);
    const answers = [];
    for (const port of [1, noHttp, silent]) {
      answers.push(
        await egressTo(port)
          .request(`http://127.0.0.1:${String(port)}/`, LIMITS)
          .catch(String),
      );
    }
    tcp.close();
    expect(new Set(answers).size).toBe(1);
  });

  it('S12 cuts what is endless, too large, packed, too slow, or has too many headers', async () => {
    const cases: readonly RequestListener[] = [
      (_request, response) => response.writeHead(200, { 'content-length': '1000000000' }).write('a'),
      (_request, response) => {
        const more = (): void => {
          if (response.write(Buffer.alloc(65_536))) setImmediate(more);
          else response.once('drain', more);
        };
        more();
      },
      (_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10_000_000))),
      (_request, response) => void setInterval(() => response.write('a'), 300).unref(),
      (_request, response) => response.writeHead(200, { 'x-long': 'a'.repeat(60_000) }).end(),
    ];
    for (const answer of cases) {
      const port = await listen(answer);
      const startedAt = performance.now();
      const asking = egressTo(port)
        .request(`http://127.0.0.1:${String(port)}/`, LIMITS)
        .then(({ body }) => buffer(body));
      expect(['url-answer-too-large', 'url-unreachable']).toContain(await codeOf(asking));
      expect(performance.now() - startedAt).toBeLessThan(LIMITS.timeoutMs * 3);
    }
  });
});
