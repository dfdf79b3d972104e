import type { WebSocket } from 'ws';
import type { PageNote, PageView } from './contract.ts';
import type { PageDevice, ToPage } from './page-protocol.ts';

const SHOWN_NOTES = 20;

/** One connection of one browser tab. A reload makes a new one. */
export interface Page {
  readonly id: string;
  readonly socket: WebSocket;
  readonly connectedAt: number;
  readonly notes: PageNote[];
  readonly qr: QrState;
  device: PageDevice | null;
  url: string | undefined;
  ua: string | undefined;
  /** The phone that is scanning, then the phone that is logged in. */
  pairing: string | null;
  phone: string | null;
  loggedIn: boolean;
  synced: boolean;
  closed: boolean;
}

export type PairedPage = Page & { readonly phone: string };

/** The QR reference that a page shows; all of them together live for 160 seconds. */
interface QrState {
  ref: string | null;
  expiresAt: number;
  /** How many references have been shown. */
  shown: number;
  idle: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** The pages that are connected now. */
export class Pages {
  private readonly byId = new Map<string, Page>();
  private lastNumber = 0;

  get count(): number {
    return this.byId.size;
  }

  open(socket: WebSocket): Page {
    const page: Page = {
      id: `p${String(++this.lastNumber)}`,
      socket,
      connectedAt: Date.now(),
      notes: [],
      qr: { ref: null, expiresAt: 0, shown: 0, idle: false, timer: undefined },
      device: null,
      url: undefined,
      ua: undefined,
      pairing: null,
      phone: null,
      loggedIn: false,
      synced: false,
      closed: false,
    };
    this.byId.set(page.id, page);
    return page;
  }

  close(page: Page): void {
    page.closed = true;
    clearTimeout(page.qr.timer);
    this.byId.delete(page.id);
  }

  find(id: string): Page | undefined {
    return this.byId.get(id);
  }

  all(): Page[] {
    return [...this.byId.values()];
  }

  /** Tells the page that an account is logged in at; false if there is none. */
  tell(phone: string, frame: ToPage): boolean {
    const page = this.loggedInAs(phone);
    return page ? send(page, frame) : false;
  }

  loggedInAs(phone: string): Page | undefined {
    return this.all().find((page) => page.phone === phone && page.loggedIn && isOpen(page));
  }
}

export function isOpen(page: Page): boolean {
  return page.socket.readyState === page.socket.OPEN;
}

export function send(page: Page, frame: ToPage): boolean {
  if (!isOpen(page)) return false;
  page.socket.send(JSON.stringify(frame));
  return true;
}

/** The text of the QR that the page shows, as a phone's camera would read it. */
export function qrTextOf(page: Page): string | null {
  if (!page.qr.ref || !page.device) return null;
  return [page.qr.ref, page.device.noise, page.device.identity, page.device.adv, '1'].join(',');
}

export function viewOf(page: Page): PageView {
  return {
    id: page.id,
    deviceId: page.device?.deviceId,
    phone: page.phone,
    loggedIn: page.loggedIn,
    synced: page.synced,
    qr: qrTextOf(page),
    refs: page.qr.shown,
    idle: page.qr.idle,
    refExpiresInMs: page.qr.ref ? page.qr.expiresAt - Date.now() : null,
    connectedAt: page.connectedAt,
    url: page.url,
    ua: page.ua,
    notes: page.notes.slice(-SHOWN_NOTES),
  };
}
