import type { PhoneNumber } from '../../kernel/phone-number.js';
import type { GroupAddress, Recipient } from '../../kernel/recipient.js';
import type { EngineCapability } from './engine.capabilities.js';
import type {
  DownloadedMedia,
  InboundContent,
  InboundMediaNotice,
  InboundType,
  MessageReference,
  OutboundContent,
} from './engine.content.js';

export const ENGINE_NAMES = ['web', 'cloud', 'sandbox'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export interface OpenSessionCommand {
  readonly sessionId: string;
  /** URL of the proxy for this session's traffic, with its credentials; null for none. */
  readonly proxy: string | null;
  /** Aborted when the opening is no longer wanted or has taken too long; the engine then leaves nothing running. */
  readonly signal: AbortSignal;
}

export interface SendCommand {
  /** Ours; stays the same over all attempts. */
  readonly messageId: string;
  readonly attempt: number;
  /** What `newMessageId` gave for this attempt; null when the engine gives ids itself. */
  readonly providerMessageId: string | null;
  readonly to: Recipient;
  readonly content: OutboundContent;
  /** The message that this one answers. */
  readonly quoted: MessageReference | null;
}

export interface SentMessage {
  readonly providerMessageId: string;
}

/** How far a message got, as the provider tells it. */
export const ACK_LEVELS = ['SENT', 'DELIVERED', 'READ', 'PLAYED', 'FAILED'] as const;
export type AckLevel = (typeof ACK_LEVELS)[number];

/** One try to send a message. */
export interface SentTry {
  readonly messageId: string;
  readonly attempt: number;
}

export interface Ack {
  readonly providerMessageId: string;
  /** The try that it is about, told by a provider that repeats our own id: its own may never have reached us. */
  readonly sent?: SentTry;
  readonly level: AckLevel;
  readonly at: Date;
  /** With FAILED: why. */
  readonly error?: { readonly code: string; readonly detail: string };
}

export interface InboundMessage {
  readonly providerMessageId: string;
  /** Who wrote: E.164 where the number is known, else the provider's address of the contact. */
  readonly from: string;
  readonly to: string | null;
  /** The group in which it was written; null when it was written to us alone. */
  readonly group: string | null;
  readonly type: InboundType;
  /** The text, or the caption of a file. */
  readonly text: string | null;
  /** What the type has beside its text; null for nothing. */
  readonly content: InboundContent | null;
  /** The file that can be fetched with `downloadMedia`; null for none. */
  readonly media: InboundMediaNotice | null;
  /** Provider's id of the message that this one answers. */
  readonly quotedProviderMessageId: string | null;
  readonly at: Date;
  /** It came while nobody listened, and was fetched afterwards. */
  readonly isCatchUp: boolean;
}

/** What happens to a message after it was written, told by whoever wrote it; and calls. */
export type InboundChange =
  | { readonly kind: 'edited'; readonly providerMessageId: string; readonly text: string; readonly at: Date }
  | { readonly kind: 'revoked'; readonly providerMessageId: string; readonly at: Date }
  | {
      readonly kind: 'reacted';
      /** Of the message that the reaction is about. */
      readonly providerMessageId: string;
      readonly from: string;
      /** Empty when the reaction was taken back. */
      readonly emoji: string;
      readonly at: Date;
    }
  | {
      readonly kind: 'called';
      readonly callId: string;
      readonly from: string;
      readonly isVideo: boolean;
      readonly isGroup: boolean;
      readonly at: Date;
    };

/** The number that a session is linked to. */
export interface LinkedNumber {
  readonly phone: PhoneNumber;
  readonly name: string | null;
}

export interface NumberCheck {
  readonly isRegistered: boolean;
  /** The provider's address of the contact; null when it is not registered. */
  readonly whatsappId: string | null;
}

export type TypingState = 'composing' | 'recording' | 'paused';

export interface Profile {
  readonly phone: string;
  readonly name: string | null;
  readonly about: string | null;
  /** Address of the picture at the provider; null when there is none, or none that we may see. */
  readonly pictureUrl: string | null;
  readonly isBusiness: boolean;
}

export interface Contact {
  readonly phone: string;
  readonly name: string | null;
  readonly isBlocked: boolean;
  /** In the address book of the linked phone. */
  readonly isSaved: boolean;
}

export interface Group {
  readonly id: GroupAddress;
  readonly name: string;
  readonly participants: readonly { readonly phone: string; readonly isAdmin: boolean }[];
  /** Only administrators may write. */
  readonly isAnnouncement: boolean;
}

/** Why a session is no longer open. Only `connection` is worth a reconnection with the same credentials. */
export type LossCause = 'connection' | 'logged-out' | 'auth-failure' | 'qr-exhausted';

/**
 * What an opened session reports. An engine may repeat itself and may report late; whoever listens ignores what is not
 * new and what belongs to an opening that is over. `received`, `acked` and `changed` resolve when it is stored.
 */
export interface EngineReports {
  qr(text: string): void;
  authenticated(): void;
  ready(linked: LinkedNumber): void;
  /** The session is gone and the engine has let go of everything it held for it. Reported once per opening. */
  lost(loss: { readonly cause: LossCause; readonly reason: string }): void;
  received(message: InboundMessage): Promise<void>;
  acked(ack: Ack): Promise<void>;
  changed(change: InboundChange): Promise<void>;
  /** What came while nobody listened has been reported; once per opening, after `ready`. */
  caughtUp(): Promise<void>;
}

/** One opened session. Every method has its own deadline and rejects rather than hangs. */
export interface EngineHandle {
  /**
   * Resolves when the provider has the message, never merely because it was handed over. Rejects with
   * `SendRefusedError` (never will be sent), `SendDeferredError` (was not sent, may be tried again),
   * `SessionNotConnectedError` (the same, and no fault of the message); any other rejection means that nobody knows.
   */
  send(command: SendCommand): Promise<SentMessage>;
  /** With `own-message-id`: a fresh id for a message to this recipient; else null. */
  newMessageId(to: Recipient): string | null;
  /** With `find-message`: how far the message got, or null when the provider does not know it. */
  findMessage(providerMessageId: string): Promise<AckLevel | null>;
  /** Asks for a new QR; it arrives as a report. */
  refreshQr(): Promise<void>;
  /** With `pairing-code`: the code that the owner of this number types into the phone instead of scanning a QR. */
  requestPairingCode(phone: PhoneNumber): Promise<string>;
  /** With `number-check`. */
  checkNumber(phone: PhoneNumber): Promise<NumberCheck>;
  /** With `media-in`: the file of an inbound message; null when WhatsApp has it no more. Rejects above `maxBytes`. */
  downloadMedia(providerMessageId: string, maxBytes: number): Promise<DownloadedMedia | null>;
  /** With `mark-read`: tells the sender that everything in this chat was read. */
  markRead(chat: Recipient): Promise<void>;
  /** With `typing`: shows the contact that somebody writes or speaks, until `paused` or for some seconds. */
  setTyping(chat: Recipient, state: TypingState): Promise<void>;
  /** With `profile`: of the linked number when none is given. */
  profile(phone: PhoneNumber | null): Promise<Profile>;
  /** With `contacts`. */
  contacts(): Promise<readonly Contact[]>;
  /** With `groups`: those that the number is in. */
  groups(): Promise<readonly Group[]>;
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
