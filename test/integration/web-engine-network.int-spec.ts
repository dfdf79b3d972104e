import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

import type { PhoneNumber } from '../../src/kernel/phone-number.js';
import type { EngineHandle, SentMessage } from '../../src/modules/engines/engine.port.js';
import { sleep, until } from '../support/report-log.js';
import { BOB, describeWithChromium, ME, WebEngineBench, WHOLE_CHROMIUM } from '../support/web-engine-bench.js';

const USER = 'a-proxy-user';
const PASSWORD = 'a-proxy-pass%word';

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** Counts whoever comes. */
class Trap {
  readonly seen: string[] = [];
  private readonly server = createServer((request, response) => {
    this.seen.push(request.url ?? '');
    response.end('<title>trapped</title>');
  });
  port = 0;

  async start(): Promise<void> {
    this.server.on('connection', () => this.seen.push('connection'));
    this.port = await listen(this.server);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** An HTTP proxy behind which WhatsApp is the simulator, and everything else is where it says. */
class Proxy {
  readonly tunnels: string[] = [];
  private readonly server = createServer((request, response) => {
    this.tunnels.push(request.url ?? '');
    response.writeHead(502).end();
  });
  private port = 0;

  constructor(private readonly tlsPort: number) {}

  async start(): Promise<void> {
    const wanted = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
    this.server.on('connect', (request, socket) => {
      socket.on('error', () => undefined);
      if (request.headers['proxy-authorization'] !== wanted) {
        socket.end('HTTP/1.1 407 Log in\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      const [host = '', port] = (request.url ?? '').split(':');
      this.tunnels.push(host);
      const isWhatsApp = /\.whatsapp\.(com|net)$/.test(host);
      const onward = connect(isWhatsApp ? this.tlsPort : Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connected\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      onward.on('error', () => socket.destroy());
    });
    this.port = await listen(this.server);
  }

  get url(): string {
    return `http://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${String(this.port)}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describeWithChromium('whom the browser of a session contacts', () => {
  let bench: WebEngineBench;
  const trap = new Trap();

  beforeAll(async () => {
    bench = await WebEngineBench.create({ linkPreview: true, linkPreviewFetch: true });
    await trap.start();
  });
  afterEach(async () => {
    await bench.reset();
    trap.seen.length = 0;
  });
  afterAll(async () => {
    trap.stop();
    await bench.cleanUp();
  });

  const send = (handle: EngineHandle, text: string, linkPreview?: boolean): Promise<SentMessage> => {
    const to = `+${BOB}` as PhoneNumber;
    const content = { type: 'text' as const, text, ...(linkPreview !== undefined && { linkPreview }) };
    const providerMessageId = handle.newMessageId(to);
    return handle.send({ messageId: `msg_${text}`, attempt: 1, providerMessageId, to, content, quoted: null });
  };

  /** What a page may fetch to show it, and every other way in which its program may contact somebody. */
  const lure = async (isOfProgram = true): Promise<void> => {
    const address = `127.0.0.1:${String(trap.port)}/lure`;
    const inWorker = `fetch('http://${address}', { mode: 'no-cors' })`;
    const shown = `new Image().src = 'http://${address}';
      fetch('http://${address}', { mode: 'no-cors' }).catch(() => {});
      navigator.sendBeacon('http://${address}');`;
    const ofProgram = `new Worker(URL.createObjectURL(new Blob([${JSON.stringify(inWorker)}])));
      document.head.append(
        Object.assign(document.createElement('link'), { rel: 'preconnect', href: 'http://${address}' }));
      new WebSocket('ws://${address}');`;
    await bench.control.evaluate({ phone: ME, js: isOfProgram ? shown + ofProgram : shown });
  };

  const provoke = async (handle: EngineHandle, isOfProgram = true): Promise<void> => {
    const link = `see http://127.0.0.1:${String(trap.port)}/page`;
    await send(handle, `${link}/off`);
    await send(handle, `${link}/default`, false);
    await send(handle, `${link}/on`, true);
    await bench.control.incoming({ phone: ME, from: BOB, body: `${link}/in` });
    await lure(isOfProgram);
    await sleep(700);
  };

  it('S16 a link in a message, or on the page, makes the browser contact nobody but WhatsApp', async () => {
    const { handle, log } = await bench.openReady(bench.engine());
    await provoke(handle);
    expect(log.messages).toHaveLength(1);
    const sent = await bench.control.sent();
    expect(sent.map(({ title }) => title)).toEqual([undefined, undefined, 'Simulated title']);
    expect(trap.seen).toEqual([]);
  });

  it('S16 without the rules of the engine the trap is reached', async () => {
    const [engine, args] = [bench.engine(), ['--host-resolver-rules=MAP unused.test 127.0.0.1']];
    Object.assign(engine, { chromium: { executablePath: bench.executablePath, extraArgs: args, useSandbox: false } });
    await bench.openReady(engine);
    await lure();
    await until('a visitor', () => trap.seen.length);
  });

  it.each(['the headless shell', 'the whole browser'])(
    'S16 goes through the proxy of its session alone: %s',
    async (which) => {
      const proxy = new Proxy(bench.sim.tlsPort);
      await proxy.start();
      process.env['A_SECRET_OF_THE_SERVER'] = 'never-given-away';
      try {
        const path =
          which === 'the whole browser'
            ? await bench.makeBrowser('whole', bench.sim.tlsPort, WHOLE_CHROMIUM)
            : bench.executablePath;
        const { handle } = await bench.openReady(bench.engine({}, path), 'default', ME, proxy.url);
        await provoke(handle, false);
        expect(trap.seen).toEqual([]);
        // The whole browser asks Google for its own sake: the proxy's owner may refuse that.
        expect(proxy.tunnels.filter((target) => !/\.whatsapp\.(com|net)$|google/.test(target))).toEqual([]);
        expect(proxy.tunnels).toContain('web.whatsapp.com');
        const helpers = bench.helpers('default');
        expect(helpers.length).toBeGreaterThan(1);
        for (const { pid, command } of helpers) {
          const environment = readFileSync(`/proc/${String(pid)}/environ`, 'utf8');
          expect(command).not.toContain(USER);
          expect(command).not.toContain('a-proxy-pass');
          expect(environment).not.toContain('never-given-away');
          expect(environment).not.toContain('a-proxy-pass');
        }
      } finally {
        delete process.env['A_SECRET_OF_THE_SERVER'];
        proxy.stop();
      }
    },
  );

  it('opens nothing when the proxy does not answer, or is none', async () => {
    const engine = bench.engine();
    await expect(bench.open(engine, 'default', undefined, 'http://127.0.0.1:9')).rejects.toThrow('cannot be reached');
    await expect(bench.open(engine, 'default', undefined, 'ftp://example.org')).rejects.toThrow('no URL of a proxy');
    const socks = 'socks5://user:secret@example.org:1080';
    await expect(bench.open(engine, 'default', undefined, socks)).rejects.toThrow('SOCKS');
    expect(bench.browsers()).toEqual([]);
  });
});
