import type { Readable } from 'node:stream';

import type { PhoneNumber } from '../../kernel/phone-number.js';
import type { Recipient } from '../../kernel/recipient.js';

/** A message that the provider knows, as far as it takes to point at it. */
export interface MessageReference {
  readonly providerMessageId: string;
  /** Sent from the linked number. */
  readonly isOurs: boolean;
  /** The contact or the group with whom it was exchanged. */
  readonly chat: Recipient | string;
}

/** A file to send; `open` may be called once for each try. */
export interface OutboundMedia {
  readonly mimeType: string;
  readonly fileName: string | null;
  readonly sizeBytes: number;
  readonly sha256: string;
  open(): Promise<Readable>;
}

export interface ContactCard {
  readonly name: string;
  readonly phones: readonly PhoneNumber[];
  readonly organization?: string;
  readonly email?: string;
}

export const MEDIA_TYPES = ['image', 'video', 'audio', 'voice', 'document', 'sticker'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** What is sent, by its type; each type is a capability of the same name. */
export type OutboundContent =
  | {
      readonly type: 'text';
      readonly text: string;
      readonly mentions?: readonly PhoneNumber[];
      /** False by default: a preview makes the page fetch the link. */
      readonly linkPreview?: boolean;
    }
  | {
      readonly type: MediaType;
      readonly media: OutboundMedia;
      /** Of an image, a video or a document. */
      readonly caption?: string;
    }
  | {
      readonly type: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name?: string;
      readonly address?: string;
    }
  | { readonly type: 'contacts'; readonly contacts: readonly ContactCard[] }
  | {
      readonly type: 'poll';
      readonly question: string;
      readonly options: readonly string[];
      readonly allowsSeveral: boolean;
    }
  /** An empty emoji takes the reaction back. */
  | { readonly type: 'reaction'; readonly target: MessageReference; readonly emoji: string }
  | { readonly type: 'edit'; readonly target: MessageReference; readonly text: string }
  | { readonly type: 'revoke'; readonly target: MessageReference }
  | { readonly type: 'forward'; readonly target: MessageReference };

export const INBOUND_TYPES = [
  'text',
  'image',
  'video',
  'audio',
  'voice',
  'document',
  'sticker',
  'location',
  'contacts',
  'poll',
  'unsupported',
] as const;
export type InboundType = (typeof INBOUND_TYPES)[number];

/** What an inbound message has beside its text; kept as JSON. */
export interface InboundContent {
  readonly location?: {
    readonly latitude: number;
    readonly longitude: number;
    readonly name?: string;
    readonly address?: string;
  };
  readonly contacts?: readonly { readonly name: string; readonly phones: readonly string[] }[];
  readonly poll?: { readonly question: string; readonly options: readonly string[] };
  readonly mentions?: readonly string[];
  readonly isForwarded?: boolean;
  /** How the provider calls a type that we do not know. */
  readonly providerType?: string;
}

export interface InboundMediaNotice {
  /** As the sender claims. */
  readonly mimeType: string | null;
  readonly fileName: string | null;
  readonly sizeBytes: number | null;
}

export interface DownloadedMedia {
  readonly mimeType: string | null;
  readonly fileName: string | null;
  readonly data: Buffer;
}
