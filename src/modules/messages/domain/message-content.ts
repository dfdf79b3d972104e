import type { PhoneNumber } from '../../../kernel/phone-number.js';

export const MEDIA_MESSAGE_TYPES = ['image', 'video', 'audio', 'voice', 'document', 'sticker'] as const;
export type MediaMessageType = (typeof MEDIA_MESSAGE_TYPES)[number];

/** Kinds that change an earlier message instead of adding one; WhatsApp acknowledges them to nobody. */
export const ACTS_ON_MESSAGES = ['reaction', 'edit', 'revoke'] as const;

export const OUTBOUND_MESSAGE_TYPES = [
  'text',
  ...MEDIA_MESSAGE_TYPES,
  'location',
  'contacts',
  'poll',
  'forward',
  ...ACTS_ON_MESSAGES,
] as const;
export type OutboundMessageType = (typeof OUTBOUND_MESSAGE_TYPES)[number];

export interface ContactToSend {
  readonly name: string;
  readonly phones: readonly PhoneNumber[];
  readonly organization?: string;
  readonly email?: string;
}

/** What is to be said, in the words of the log: files by the id of their media, messages by ours. */
export type MessageContent =
  | {
      readonly type: 'text';
      readonly text: string;
      readonly mentions?: readonly PhoneNumber[];
      readonly linkPreview?: boolean;
    }
  | { readonly type: MediaMessageType; readonly mediaId: string; readonly caption?: string; readonly fileName?: string }
  | {
      readonly type: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name?: string;
      readonly address?: string;
    }
  | { readonly type: 'contacts'; readonly contacts: readonly ContactToSend[] }
  | {
      readonly type: 'poll';
      readonly question: string;
      readonly options: readonly string[];
      readonly allowsSeveral: boolean;
    }
  | { readonly type: 'reaction'; readonly targetId: string; readonly emoji: string }
  | { readonly type: 'edit'; readonly targetId: string; readonly text: string }
  | { readonly type: 'revoke' | 'forward'; readonly targetId: string };

/** The columns that a content is kept in: what can be searched as text, what is pointed at, and the rest as JSON. */
export interface StoredContent {
  readonly type: OutboundMessageType;
  readonly text: string | null;
  readonly content: object | null;
  readonly mediaId: string | null;
  readonly targetId: string | null;
}

const isMediaType = (type: string): type is MediaMessageType =>
  (MEDIA_MESSAGE_TYPES as readonly string[]).includes(type);

const orNull = (content: object): object | null => (Object.keys(content).length === 0 ? null : content);

export const storeContent = (given: MessageContent): StoredContent => {
  const nothing = { text: null, content: null, mediaId: null, targetId: null };
  switch (given.type) {
    case 'text': {
      const { type, text, ...content } = given;
      return { ...nothing, type, text, content: orNull(content) };
    }
    case 'poll': {
      const { type, question, ...content } = given;
      return { ...nothing, type, text: question, content };
    }
    case 'location':
    case 'contacts': {
      const { type, ...content } = given;
      return { ...nothing, type, content };
    }
    case 'reaction':
      return { ...nothing, type: given.type, text: given.emoji, targetId: given.targetId };
    case 'edit':
      return { ...nothing, type: given.type, text: given.text, targetId: given.targetId };
    case 'revoke':
    case 'forward':
      return { ...nothing, type: given.type, targetId: given.targetId };
    default: {
      const { type, mediaId, caption = null, ...content } = given;
      return { ...nothing, type, text: caption, content: orNull(content), mediaId };
    }
  }
};

type Reader = (stored: StoredContent, need: (value: string | null) => string) => MessageContent;

const readMedia: Reader = ({ type, text, content, mediaId }, need) => ({
  ...(content ?? {}),
  ...{ type: type as MediaMessageType, mediaId: need(mediaId) },
  ...(text !== null && { caption: text }),
});

const readRest: Reader = ({ type, content }) => ({ ...(content ?? {}), type }) as MessageContent;

const READERS: Readonly<Record<Exclude<OutboundMessageType, MediaMessageType>, Reader>> = {
  text: ({ text, content }, need) => ({ ...(content ?? {}), type: 'text', text: need(text) }),
  poll: ({ text, content }, need) => ({ ...(content ?? {}), type: 'poll', question: need(text) }) as MessageContent,
  location: readRest,
  contacts: readRest,
  reaction: ({ text, targetId }, need) => ({ type: 'reaction', targetId: need(targetId), emoji: text ?? '' }),
  edit: ({ text, targetId }, need) => ({ type: 'edit', targetId: need(targetId), text: need(text) }),
  revoke: ({ targetId }, need) => ({ type: 'revoke', targetId: need(targetId) }),
  forward: ({ targetId }, need) => ({ type: 'forward', targetId: need(targetId) }),
};

/** The way back; the columns of one row belong together, so that what is missing is a defect and throws. */
export const readContent = (stored: StoredContent): MessageContent => {
  const need = (value: string | null): string => {
    if (value === null) throw new Error(`A stored message of type "${stored.type}" is not whole.`);
    return value;
  };
  return isMediaType(stored.type) ? readMedia(stored, need) : READERS[stored.type](stored, need);
};
