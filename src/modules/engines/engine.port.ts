import type { PhoneNumber } from '../../kernel/phone-number.js';

export const ENGINE_NAMES = ['web', 'cloud', 'sandbox'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** What an engine can do. Asked before calling, never discovered by a throw. */
export type EngineCapability =
  | 'text'
  /** A number is linked by scanning a QR code. */
  | 'qr'
  /** `newMessageId` gives the id under which the provider will know the message, before it is sent. */
  | 'own-message-id'
  /** `findMessage` can tell what became of a message after the connection was lost. */
  | 'find-message';

export interface OpenSessionCommand {
  readonly sessionId: string;
  /** Aborted when the opening is no longer wanted or has taken too long; the engine then leaves nothing running. */
  readonly signal: AbortSignal;
}

export interface SendTextCommand {
  /** Ours; stays the same over all attempts. */
  readonly messageId: string;
  readonly attempt: number;
  /** What `newMessageId` gave for this attempt; null when the engine gives ids itself. */
  readonly providerMessageId: string | null;
  readonly to: PhoneNumber;
  readonly text: string;
}

export interface SentMessage {
  readonly providerMessageId: string;
}

/** How far a message got, as the provider tells it. */
export const ACK_LEVELS = ['SENT', 'DELIVERED', 'READ', 'PLAYED', 'FAILED'] as const;
export type AckLevel = (typeof ACK_LEVELS)[number];

export interface Ack {
  readonly providerMessageId: string;
  readonly level: AckLevel;
  readonly at: Date;
  /** With FAILED: why. */
  readonly error?: { readonly code: string; readonly detail: string };
}

export interface InboundMessage {
  readonly providerMessageId: string;
  /** E.164 where the number is known, else the provider's address of the contact. */
  readonly from: string;
  readonly to: string | null;
  readonly type: 'text' | 'unsupported';
  readonly text: string | null;
  readonly at: Date;
}

/** The number that a session is linked to. */
export interface LinkedNumber {
  readonly phone: PhoneNumber;
  readonly name: string | null;
}

/** Why a session is no longer open. Only `connection` is worth a reconnection with the same credentials. */
export type LossCause = 'connection' | 'logged-out' | 'auth-failure' | 'qr-exhausted';

/**
 * What an opened session reports. An engine may repeat itself and may report late; whoever listens ignores what is not
 * new and what belongs to an opening that is over. `received` and `acked` resolve when it is stored.
 */
export interface EngineReports {
  qr(text: string): void;
  authenticated(): void;
  ready(linked: LinkedNumber): void;
  /** The session is gone and the engine has let go of everything it held for it. Reported once per opening. */
  lost(loss: { readonly cause: LossCause; readonly reason: string }): void;
  received(message: InboundMessage): Promise<void>;
  acked(ack: Ack): Promise<void>;
}

/** One opened session. Every method has its own deadline and rejects rather than hangs. */
export interface EngineHandle {
  /**
   * Resolves when the provider has the message, never merely because it was handed over. Rejects with
   * `SendRefusedError` (never will be sent), `SendDeferredError` (was not sent, may be tried again),
   * `SessionNotConnectedError` (the same, and no fault of the message); any other rejection means that nobody knows.
   */
  sendText(command: SendTextCommand): Promise<SentMessage>;
  /** With `own-message-id`: a fresh id for a message to this recipient; else null. */
  newMessageId(to: PhoneNumber): string | null;
  /** With `find-message`: how far the message got, or null when the provider does not know it. */
  findMessage(providerMessageId: string): Promise<AckLevel | null>;
  /** Asks for a new QR; it arrives as a report. */
  refreshQr(): Promise<void>;
  /** A round trip that touches what a send needs; rejects when the session only seems to be alive. */
  probe(): Promise<void>;
  /** Lets go of everything but the credentials; safe to call twice. No report comes after it has resolved. */
  close(): Promise<void>;
  /** Unlinks the number at the provider as far as possible, removes the credentials, and closes. */
  logout(): Promise<void>;
}

export type EngineAvailability = { readonly available: true } | { readonly available: false; readonly reason: string };

/** A road to WhatsApp. Holds no state outside the handles that it has given out. */
export interface WhatsAppEngine {
  readonly name: EngineName;
  readonly capabilities: ReadonlySet<EngineCapability>;
  /** How many sends of one session may be under way at once. */
  readonly parallelSends: number;
  /** Whether it can run here, with one sentence for people when it cannot. */
  availability(): Promise<EngineAvailability>;
  /** Opens with the stored credentials, or towards a QR. Resolves when the handle can be used to close it again. */
  open(command: OpenSessionCommand, reports: EngineReports): Promise<EngineHandle>;
  /** Removes the stored credentials of a session that is not open. */
  forget(sessionId: string): Promise<void>;
}
