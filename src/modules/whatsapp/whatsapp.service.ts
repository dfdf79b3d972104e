import { Injectable } from '@nestjs/common';

import type { Principal } from '../access/index.js';
import { systemPrincipal } from '../access/index.js';
import { MessageSending, type SendOnce } from '../messages/index.js';
import {
  type ConnectionStatus,
  DEFAULT_SESSION_ID,
  SessionDirectory,
  SessionService,
  describeStatus,
} from '../sessions/index.js';
import { SessionNotReadyError, type QrCode, type Session } from '../sessions/index.js';

/** Which session, and on whose behalf; left out: `default`, and the application itself. */
export interface WhatsAppCall {
  readonly sessionId?: string;
  readonly principal?: Principal;
}

export interface ConnectionState {
  readonly status: ConnectionStatus;
  readonly ready: boolean;
  readonly initializing: boolean;
  readonly hasQRCode: boolean;
  /** ISO 8601; null when no code is shown. */
  readonly qrCodeExpiry: string | null;
  readonly reconnectAttempts: number;
  readonly lastUpdated: string;
  readonly message: string;
}

export interface SentText {
  readonly messageId: string;
  /** The same `once` had been sent before; this is that message. */
  readonly isReplay: boolean;
}

const INITIALIZING: ReadonlySet<ConnectionStatus> = new Set(['CONNECTING', 'AUTHENTICATED']);
const HIMSELF = systemPrincipal('WhatsAppService', ['messages:send', 'sessions:read', 'sessions:manage']);

/** The front door for other modules: one linked number, in eight methods. */
@Injectable()
export class WhatsAppService {
  constructor(
    private readonly sessions: SessionService,
    private readonly directory: SessionDirectory,
    private readonly sending: MessageSending,
  ) {}

  /** Opens the session; resolves before it is READY. */
  async initializeClient(call: WhatsAppCall = {}): Promise<void> {
    await this.sessions.start(await this.session(call));
  }

  /** Forces a new QR code and waits for it; throws `session-already-authenticated` when a number is linked. */
  async generateQRCode(call: WhatsAppCall = {}): Promise<QrCode> {
    return this.sessions.requestQrCode(await this.session(call));
  }

  /** The newest code; null when a number is linked, when none is shown, and when it has expired. */
  async getQRCode(call: WhatsAppCall = {}): Promise<QrCode | null> {
    const session = await this.session(call);
    const code = await this.sessions.qrCode(session);
    if (code !== null) await this.sessions.recordQrRead(session);
    return code;
  }

  /** Whether this process can send from the session now. */
  isAuthenticated({ sessionId = DEFAULT_SESSION_ID }: WhatsAppCall = {}): boolean {
    return this.directory.ready(sessionId) !== null;
  }

  async getConnectionStatus(call: WhatsAppCall = {}): Promise<ConnectionState> {
    const session = await this.session(call);
    const code = await this.sessions.qrCode(session);
    return {
      status: session.status,
      ready: session.status === 'READY',
      initializing: INITIALIZING.has(session.status),
      hasQRCode: code !== null,
      qrCodeExpiry: code?.expiresAt ?? null,
      reconnectAttempts: session.reconnectAttempts,
      lastUpdated: session.statusAt.toISOString(),
      message: describeStatus(session),
    };
  }

  /**
   * Resolves when the provider has the message. Throws `session-not-ready` (nothing is stored), `message-send-failed`,
   * or `message-not-sent-yet` when it is in the queue and nobody can say in time: then do not send it again.
   */
  async sendMessage(
    phone: string,
    message: string,
    call: WhatsAppCall & { readonly once?: SendOnce | null } = {},
  ): Promise<SentText> {
    const session = await this.session(call);
    if (session.status !== 'READY') throw new SessionNotReadyError(session);
    const content = { type: 'text' as const, text: message };
    const command = { sessionId: session.id, to: phone, content, onUncertain: 'hold' as const };
    const { id, isReplay } = await this.sending.sendNow(command, call.principal ?? HIMSELF, call.once ?? null);
    return { messageId: id, isReplay };
  }

  /** Closes the session; the number stays linked. */
  async disconnect(call: WhatsAppCall = {}): Promise<void> {
    await this.sessions.disconnect(await this.session(call));
  }

  /** Closes and opens it; `confirmNumberChange` lets the next pairing be of another number. */
  async reconnect(call: WhatsAppCall & { readonly confirmNumberChange?: boolean } = {}): Promise<void> {
    const { confirmNumberChange = false } = call;
    await this.sessions.reconnect(await this.session(call), { confirmNumberChange });
  }

  private session({ sessionId = DEFAULT_SESSION_ID, principal = HIMSELF }: WhatsAppCall): Promise<Session> {
    return this.sessions.get(sessionId, principal);
  }
}
