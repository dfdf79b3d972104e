import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { PageDevice, ToPage } from '../server/page-protocol.ts';

const WAIT_MS = 2000;

type FrameOf<T extends ToPage['t']> = Extract<ToPage, { readonly t: T }>;

/** A page without a browser: it says what a test lets it say, and keeps what it hears. */
export class FakePage {
  readonly heard: ToPage[] = [];
  private readonly socket: WebSocket;
  private lastCall = 0;

  private constructor(tlsPort: number) {
    this.socket = new WebSocket(`wss://127.0.0.1:${String(tlsPort)}/sim/ws`, { rejectUnauthorized: false });
    this.socket.on('message', (data: Buffer) => this.heard.push(JSON.parse(data.toString('utf8')) as ToPage));
  }

  static async open(tlsPort: number, device: PageDevice): Promise<FakePage> {
    const page = new FakePage(tlsPort);
    await once(page.socket, 'open');
    page.say({ t: 'hello', device, ua: 'test', url: 'https://web.whatsapp.com/' });
    return page;
  }

  say(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** Asks the service; the answer, or the error that it gives. */
  async ask(method: string, parameters: object): Promise<unknown> {
    const id = ++this.lastCall;
    this.say({ t: 'rpc', id, m: method, p: parameters });
    const frame = await this.hear('res', (answer) => answer.id === id);
    if ('err' in frame) throw new Error(frame.err);
    return frame.r;
  }

  async hear<T extends ToPage['t']>(type: T, fits: (frame: FrameOf<T>) => boolean = () => true): Promise<FrameOf<T>> {
    const end = AbortSignal.timeout(WAIT_MS);
    for (;;) {
      const frame = this.heard.find((one): one is FrameOf<T> => one.t === type && fits(one as FrameOf<T>));
      if (frame) return frame;
      await once(this.socket, 'message', { signal: end });
    }
  }

  /** The code with which the service closes the connection. */
  async closed(): Promise<number> {
    const [code] = (await once(this.socket, 'close', { signal: AbortSignal.timeout(WAIT_MS) })) as [number];
    return code;
  }

  close(): void {
    this.socket.terminate();
  }
}

/** A device as a fresh profile makes it. */
export function aDevice(overrides: Partial<PageDevice> = {}): PageDevice {
  return { deviceId: 'device-1', noise: 'noise', identity: 'identity', adv: 'adv', ...overrides };
}
