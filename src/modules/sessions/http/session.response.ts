import type { Page } from '../../../kernel/page.js';
import type { Session } from '../domain/session.js';
import type { SessionSettings } from '../domain/session-settings.js';
import { describeStatus } from '../domain/status-message.js';

/** Where the proxies of sessions are, without their credentials. */
interface Addresses {
  addressOf(session: Session): string | null;
}

export class SessionResponse {
  readonly id: string;
  readonly name: string;
  readonly engine: 'web' | 'cloud' | 'sandbox';
  readonly status: string;
  /** The linked number, E.164; null while none is linked. */
  readonly phone: string | null;
  /** The name that its owner has given it at WhatsApp. */
  readonly displayName: string | null;
  readonly reason: string | null;
  /** Whether it is to run, also after a restart. */
  readonly isWanted: boolean;
  /** As they are in force: defaults included. */
  readonly settings: object;
  /** Host and port of its proxy; null for none. */
  readonly proxy: string | null;
  readonly lastUpdated: string;

  private constructor(session: Session, proxy: string | null) {
    this.id = session.id;
    this.name = session.name;
    this.engine = session.engine;
    this.status = session.status;
    this.phone = session.phone;
    this.displayName = session.displayName;
    this.reason = session.reason;
    this.isWanted = session.isWanted;
    this.settings = session.settings satisfies SessionSettings;
    this.proxy = proxy;
    this.lastUpdated = session.statusAt.toISOString();
  }

  static from(session: Session, proxies: Addresses): SessionResponse {
    return new SessionResponse(session, proxies.addressOf(session));
  }
}

export class SessionPageResponse {
  readonly data: SessionResponse[];
  /** Hand it back for the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<Session>, proxies: Addresses) {
    this.data = data.map((session) => SessionResponse.from(session, proxies));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<Session>, proxies: Addresses): SessionPageResponse {
    return new SessionPageResponse(page, proxies);
  }
}

export class SessionStatusResponse {
  readonly status: string;
  readonly ready: boolean;
  readonly phone: string | null;
  readonly name: string | null;
  readonly reconnectAttempts: number;
  /** Until when the QR code that is shown can be scanned; null when none is. */
  readonly qrCodeExpiry: string | null;
  readonly lastUpdated: string;
  readonly reason: string | null;
  /** The same in one or two sentences. */
  readonly message: string;

  private constructor(session: Session, qrCodeExpiry: string | null) {
    this.status = session.status;
    this.ready = session.status === 'READY';
    this.phone = session.phone;
    this.name = session.displayName;
    this.reconnectAttempts = session.reconnectAttempts;
    this.qrCodeExpiry = qrCodeExpiry;
    this.lastUpdated = session.statusAt.toISOString();
    this.reason = session.reason;
    this.message = describeStatus(session);
  }

  static from(session: Session, qrCodeExpiry: string | null): SessionStatusResponse {
    return new SessionStatusResponse(session, qrCodeExpiry);
  }
}

export class SessionMovedResponse {
  readonly status: string;

  private constructor(session: Session) {
    this.status = session.status;
  }

  static from(session: Session): SessionMovedResponse {
    return new SessionMovedResponse(session);
  }
}
