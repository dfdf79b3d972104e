import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { confirmDelivery } from './acks.ts';
import { CLOSE_NETWORK_DOWN, logIn } from './login.ts';
import type { PageCalls } from './page-calls/page-calls.ts';
import type { FromPage, Hello, PageCallFrame } from './page-protocol.ts';
import { type Page, type PairedPage, send } from './pages.ts';
import { startReferences } from './qr-references.ts';
import { SimError } from './sim-error.ts';
import type { World } from './world.ts';

const MAX_FRAME_BYTES = 64 * 1024 * 1024;

/** The socket between the page and the service. */
export class PageSocket {
  private readonly world: World;
  private readonly calls: PageCalls;
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });

  constructor(world: World, calls: PageCalls) {
    this.world = world;
    this.calls = calls;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!request.url?.startsWith('/sim/ws')) {
      socket.destroy();
      return;
    }
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      this.welcome(webSocket);
    });
  }

  close(): void {
    for (const page of this.world.pages.all()) {
      clearTimeout(page.qr.timer);
      page.socket.terminate();
    }
  }

  private welcome(socket: WebSocket): void {
    const page = this.world.pages.open(socket);
    socket.on('message', (data) => {
      const frame = parse(data);
      if (frame) this.take(page, frame);
    });
    socket.on('close', () => {
      this.world.pages.close(page);
      this.world.journal.record('page-closed', { page: page.id, phone: page.phone });
    });
    // A connection that breaks is closed next; there is nothing to do but not to crash.
    socket.on('error', () => undefined);
  }

  private take(page: Page, frame: FromPage): void {
    switch (frame.t) {
      case 'hello':
        this.greet(page, frame);
        break;
      case 'rpc':
        void this.answer(page, frame);
        break;
      case 'delivered':
        if (page.phone !== null) confirmDelivery(this.world, page as PairedPage, frame.id);
        break;
      case 'synced':
        page.synced = true;
        this.world.journal.record('synced', { page: page.id, phone: page.phone });
        break;
      case 'note':
        page.notes.push({ kind: frame.kind, data: frame.data });
        this.world.journal.record('note', { page: page.id, phone: page.phone, kind: frame.kind, data: frame.data });
        break;
    }
  }

  private greet(page: Page, { device, ua, url, resume = false }: Hello): void {
    page.device = device ?? null;
    page.ua = ua;
    page.url = url;
    this.world.journal.record('hello', { page: page.id, paired: Boolean(device?.secret), resume });
    if (this.world.devices.isCutOff(device?.deviceId)) {
      page.socket.close(CLOSE_NETWORK_DOWN, 'blocked');
    } else if (device?.secret) {
      send(page, { t: 'welcome', paired: true });
      logIn(this.world, page, device);
    } else {
      send(page, { t: 'welcome', paired: false });
      startReferences(this.world, page);
    }
  }

  private async answer(page: Page, { id, m, p = {} }: PageCallFrame): Promise<void> {
    try {
      send(page, { t: 'res', id, r: await this.calls.answer(page, m, p) });
    } catch (error) {
      const err = error instanceof Error ? error.message : String(error);
      send(page, { t: 'res', id, err, status: error instanceof SimError ? error.status : undefined });
    }
  }
}

function parse(data: RawData): FromPage | null {
  try {
    return JSON.parse((data as Buffer).toString('utf8')) as FromPage;
  } catch {
    return null;
  }
}
