import type { PhoneNumber } from '../../../kernel/phone-number.js';
import type { GroupAddress } from '../../../kernel/recipient.js';
import type { InboundContent, InboundType } from '../engine.content.js';
import type { AckLevel, TypingState, WhatsAppEngine } from '../engine.port.js';

/** A message as its recipient sees it, by the same words for every engine. */
export interface SeenMessage {
  readonly to: string;
  readonly providerMessageId: string;
  readonly type: string;
  /** The text as it was edited, the caption or the question. */
  readonly text: string | null;
  readonly quoted?: string | undefined;
  readonly mentions?: readonly string[] | undefined;
  readonly hasPreview?: boolean;
  /** SHA-256 in hex. */
  readonly file?: { readonly mimeType: string; readonly size: number; readonly sha256: string } | undefined;
  readonly location?: { readonly latitude: number; readonly longitude: number } | undefined;
  readonly isForwarded?: boolean;
  readonly isRevoked?: boolean;
  /** Ours; empty when there is none. */
  readonly reaction?: string;
}

/** What a contact writes. */
export interface ContactMessage {
  readonly from: PhoneNumber;
  readonly type?: InboundType;
  readonly text?: string;
  readonly content?: InboundContent;
  readonly file?: { readonly mimeType: string; readonly fileName: string; readonly bytes: Buffer };
  readonly group?: GroupAddress;
  /** The provider's id of the message that is answered. */
  readonly replyTo?: string;
}

/** What a contact does later; `id` is the one under which the message was reported, or sent. */
export type ContactAct =
  | { readonly kind: 'edited'; readonly id: string; readonly text: string }
  | { readonly kind: 'revoked'; readonly id: string }
  | { readonly kind: 'reacted'; readonly id: string; readonly from: PhoneNumber; readonly emoji: string }
  | { readonly kind: 'called'; readonly from: PhoneNumber; readonly isVideo: boolean };

export interface ChatAct {
  readonly what: 'read' | TypingState;
  readonly chat: string;
}

export interface WatchedProxy {
  readonly url: string;
  /** How often somebody came. */
  readonly visits: number;
  close(): void;
}

/** What a road to WhatsApp may not have, whatever its engine can do. */
export type Lack =
  /** A connection that is kept, and whose loss is noticed at once. */
  | 'connection'
  /** A send that is refused at once: what cannot be sent fails after it was taken. */
  | 'early-refusals'
  /** How large a file is, told with its message. */
  | 'file-sizes'
  | 'video-calls';

/** What the suite needs to play WhatsApp, the phone and the contacts around an engine. */
export interface EngineHarness {
  /** An engine over the storage of this test; a second one sees what the first has stored. */
  create(): WhatsAppEngine;
  readonly lacks: ReadonlySet<Lack>;
  /** The phone of this number scans the QR that the session shows; without QR codes the session is given the number. */
  link(sessionId: string, qr: string, phone: PhoneNumber): Promise<void>;
  /** The code is typed into the phone of this number. */
  pair(sessionId: string, code: string, phone: PhoneNumber): Promise<void>;
  /** What WhatsApp received from the session, in order. */
  arrivals(sessionId: string): Promise<readonly SeenMessage[]>;
  /** The road to WhatsApp breaks; the credentials stay good. */
  dropConnection(sessionId: string): Promise<void>;
  /** The phone removes the linked device. */
  logoutFromPhone(sessionId: string): Promise<void>;
  /** A contact writes to the linked number, whether the session is open or not. */
  incoming(sessionId: string, message: ContactMessage): Promise<void>;
  act(sessionId: string, act: ContactAct): Promise<void>;
  /** WhatsApp says how far a message of ours got. */
  acknowledge(sessionId: string, providerMessageId: string, level: AckLevel): Promise<void>;
  /** What contacts see without a message, in order. */
  chatActs(sessionId: string): Promise<readonly ChatAct[]>;
  /** A group of the linked number and the known contact. */
  group(sessionId: string): Promise<GroupAddress>;
  proxy(): Promise<WatchedProxy>;
  /** Forgets everything that the test has made. */
  cleanUp(): Promise<void>;
  readonly recipients: {
    /** Takes messages and lets them be delivered. */
    readonly known: PhoneNumber;
    readonly notOnWhatsApp: PhoneNumber;
  };
}
