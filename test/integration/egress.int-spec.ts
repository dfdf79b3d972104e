import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

import { egressTo, FixedNames } from '../support/egress-to.js';

const LIMITS = { maxBytes: 100_000, timeoutMs: 1500 };

/** Where a request of ours must never arrive; all that are loopback lead to the trap of the test. */
const INSIDE = [
  ...['127.0.0.1', '127.1.2.3', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1'],
  ...['10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '169.254.1.1', '224.0.0.1', '240.0.0.1'],
  ...['64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::1', '2001:0:7f00:1::', 'fec0::1', 'fe80::1', 'fc00::1'],
  ...['fe80::1%lo', 'ff02::1', '2001:db8::1', '192.0.2.1', '198.18.0.1'],
];
const METADATA = ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16', 'fd20:ce::254'];
const WRITTEN = ['127.0.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0', '１２７.0.0.1', '127.0.0.1.'];

describe('the way to addresses that somebody gave us', () => {
  const servers: Server[] = [];
  let connections = 0;

  const listen = async (answer: RequestListener, host = '127.0.0.1'): Promise<number> => {
    const server = createServer(answer);
    await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, host, resolve));
    servers.push(server);
    return (server.address() as { readonly port: number }).port;
  };
  /** Counts who connects, by whichever address of this machine. */
  const trap = async (): Promise<number> => {
    const answer: RequestListener = (_request, response) => response.end('inside');
    // A machine without IPv6 has no such loopback to be led to.
    const port = await listen(answer, '::').catch(() => listen(answer, '0.0.0.0'));
    servers.at(-1)?.on('connection', () => (connections += 1));
    return port;
  };
  const at = (port: number, host = '127.0.0.1'): string => `http://${host}:${String(port)}/`;
  const allowing = (...ports: readonly number[]): ReturnType<typeof egressTo> =>
    egressTo({ allowed: ports.map((port) => `127.0.0.1:${String(port)}`), names: new FixedNames({}) });
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
    const headers = { 'X-Shop': '17' };
    const answer = await allowing(port).request(at(port), { ...LIMITS, headers });
    expect(JSON.parse((await buffer(answer.body)).toString())).toEqual({
      ...{ host: `127.0.0.1:${String(port)}`, connection: 'keep-alive' },
      ...{ 'user-agent': 'Waypost', 'accept-encoding': 'identity', 'x-shop': '17' },
    });
  });

  it('connects to the very address that its look-up has given', async () => {
    const port = await trap();
    const names = new FixedNames({ 'hooks.test': ['127.0.0.1'] });
    const answer = await egressTo({ allowed: [`hooks.test:${String(port)}`], names }).request(
      at(port, 'hooks.test'),
      LIMITS,
    );
    expect((await buffer(answer.body)).toString()).toBe('inside');
    expect([names.asked, connections]).toEqual([1, 1]);
  });

  it.each(INSIDE)('S1 S4 connects to nobody by a name that leads to %s', async (address) => {
    const port = await trap();
    const egress = egressTo({ ports: [port], names: new FixedNames({ 'a.test': [address] }) });
    expect(await codeOf(egress.request(at(port, 'a.test'), LIMITS))).toBe('url-unreachable');
    expect(connections).toBe(0);
  });

  it.each(INSIDE)('S1 S4 connects to nobody by the address %s itself', async (address) => {
    const port = await trap();
    const host = address.includes(':') ? `[${address}]` : address;
    expect(await codeOf(egressTo({ ports: [port] }).request(at(port, host), LIMITS))).toBe('url-refused');
    expect(connections).toBe(0);
  });

  it.each(METADATA)('S2 asks no cloud for its secrets at %s', async (address) => {
    const names = new FixedNames({ 'metadata.google.internal': [address] });
    const host = address.includes(':') ? `[${address}]` : address;
    expect(await codeOf(egressTo({ names }).request('http://metadata.google.internal/', LIMITS))).toBe(
      'url-unreachable',
    );
    expect(await codeOf(egressTo({ names }).request(`http://${host}/`, LIMITS))).toBe('url-refused');
  });

  it.each(WRITTEN)('S3 reads %s as what it is', async (host) => {
    const port = await trap();
    expect(await codeOf(egressTo({ ports: [port] }).request(at(port, host), LIMITS))).toBe('url-refused');
    expect(connections).toBe(0);
  });

  it('S5 takes no name that has even one address inside, nor one that has changed since it was looked at', async () => {
    const port = await trap();
    const mixed = new FixedNames({ 'a.test': ['93.184.216.34', '127.0.0.1'], 'b.test': ['::1', '2606:4700::1'] });
    for (const host of ['a.test', 'b.test']) {
      const asking = egressTo({ ports: [port], names: mixed }).request(at(port, host), LIMITS);
      expect(await codeOf(asking)).toBe('url-unreachable');
    }
    const names = new FixedNames({ 'c.test': ['127.0.0.1'] });
    const egress = egressTo({ ports: [port], names });
    egress.check(at(port, 'c.test'));
    expect(await codeOf(egress.request(at(port, 'c.test'), LIMITS))).toBe('url-unreachable');
    // One look-up for one connection: there is no second answer that could be another one.
    expect([names.asked, connections]).toEqual([1, 0]);
  });

  it.each([301, 302, 303, 307, 308])('S6 follows no redirect (%i)', async (status) => {
    const inside = await trap();
    let asked = 0;
    const port = await listen((request, response) => {
      asked += 1;
      const location = { '/': at(inside), '/loop': '/loop', '/scheme': 'file:///etc/passwd' }[request.url ?? ''];
      response.writeHead(status, { location }).end();
    });
    for (const path of ['', 'loop', 'scheme']) {
      expect(await codeOf(allowing(port, inside).request(`${at(port)}${path}`, LIMITS))).toBe('url-refused');
    }
    expect([asked, connections]).toEqual([3, 0]);
  });

  it('S8 does not ask itself, by no name of its own', async () => {
    for (const host of ['gateway.test', 'GATEWAY.test.', 'gateway.test:8443']) {
      expect(await codeOf(egressTo().request(`https://${host}/`, LIMITS))).toBe('url-refused');
    }
  });

  it('S9 connects to no port but those for the web', async () => {
    const port = await trap();
    const names = new FixedNames({ 'a.test': ['127.0.0.1'] });
    for (const one of [22, 25, 6379, 5432, port]) {
      expect(await codeOf(egressTo({ names }).request(at(one, 'a.test'), LIMITS))).toBe('url-refused');
    }
    expect([names.asked, connections]).toEqual([0, 0]);
  });

  it('S10 tells nobody whether a port inside is closed, open or silent', async () => {
    const silent = await listen(() => undefined);
    const open = await trap();
    const names = new FixedNames({ 'a.test': ['127.0.0.1'] });
    const egress = egressTo({ ports: [1, silent, open], names });
    for (const host of ['127.0.0.1', 'a.test', 'nobody.test']) {
      const told = new Set<string>();
      for (const port of [1, silent, open]) {
        const startedAt = performance.now();
        told.add(await egress.request(at(port, host), LIMITS).then(() => 'answered', String));
        // Far below what a connection that nobody answers would take.
        expect(performance.now() - startedAt).toBeLessThan(LIMITS.timeoutMs / 3);
      }
      expect(told.size).toBe(1);
    }
    expect(connections).toBe(0);
  });

  it('S10 has the same words for what is closed, silent, no HTTP, or nobody', async () => {
    const tcp = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const { port: noHttp } = tcp.address() as { readonly port: number };
    const silent = await listen(() => undefined);
    const told = new Set([await egressTo().request('http://nobody.test/', LIMITS).catch(String)]);
    for (const port of [1, noHttp, silent]) {
      told.add(await allowing(port).request(at(port), LIMITS).catch(String));
    }
    tcp.close();
    expect(told.size).toBe(1);
  });

  it('S11 sends no header that is not the sender’s to set', async () => {
    const port = await trap();
    for (const headers of [{ host: 'a' }, { 'content-length': '5' }, { 'x-a': 'b\r\nx-c: d' }, { 'x-a\r\nx': 'b' }]) {
      expect(await codeOf(allowing(port).request(at(port), { ...LIMITS, headers }))).toBe('header-refused');
    }
    expect(connections).toBe(0);
  });

  it.each<readonly [string, RequestListener]>([
    ['1 GB', (_request, response) => response.writeHead(200, { 'content-length': '1000000000' }).write('a')],
    [
      'a body without an end',
      (_request, response) => {
        const more = (): void => {
          if (response.write(Buffer.alloc(65_536))) setImmediate(more);
          else response.once('drain', more);
        };
        more();
      },
    ],
    [
      'a bomb',
      (_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10_000_000))),
    ],
    ['one byte at a time', (_request, response) => void setInterval(() => response.write('a'), 300).unref()],
    [
      '10,000 headers',
      (_request, response) => {
        response.socket?.end(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(10_000)}\r\n`);
      },
    ],
    ['one long header', (_request, response) => response.writeHead(200, { 'x-long': 'a'.repeat(60_000) }).end()],
    [
      'headers without an end',
      (_request, response) => {
        response.socket?.write('HTTP/1.1 200 OK\r\n');
        setInterval(() => response.socket?.write('a: b\r\n'), 300).unref();
      },
    ],
  ])('S12 cuts %s off', async (_what, answer) => {
    const port = await listen(answer);
    const startedAt = performance.now();
    const asking = allowing(port)
      .request(at(port), LIMITS)
      .then(({ body }) => buffer(body));
    expect(['url-answer-too-large', 'url-unreachable']).toContain(await codeOf(asking));
    expect(performance.now() - startedAt).toBeLessThan(LIMITS.timeoutMs * 2);
  });

  it('S15 asks no proxy that the environment names', async () => {
    const proxy = await trap();
    const port = await listen((_request, response) => response.end('reached'));
    const variables = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
    for (const name of variables) process.env[name] = at(proxy);
    process.env['NODE_USE_ENV_PROXY'] = '1';
    const reached = await allowing(port).request(at(port), LIMITS);
    const refused = await codeOf(egressTo({ ports: [proxy] }).request(at(proxy), LIMITS));
    for (const name of [...variables, 'NODE_USE_ENV_PROXY']) Reflect.deleteProperty(process.env, name);
    expect((await buffer(reached.body)).toString()).toBe('reached');
    expect([refused, connections]).toEqual(['url-refused', 0]);
  });

  it('and the trap would notice whoever came', async () => {
    const port = await trap();
    for (const host of ['127.0.0.1', '127.1.2.3', '127.255.255.254']) {
      await new Promise<void>((resolve, reject) => {
        const socket = connect({ port, host }, () => socket.end(resolve));
        socket.on('error', reject);
      });
    }
    expect(connections).toBe(3);
  });
});
