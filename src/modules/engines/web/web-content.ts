import { phoneDigits } from '../../../kernel/phone-number.js';
import { SendRefusedError } from '../engine.errors.js';
import type { ContactCard, OutboundContent, OutboundMedia } from '../engine.content.js';
import type { SendCommand } from '../engine.port.js';
import type { PageContent } from './page/sending-content.js';
import type { PageSendOptions } from './page/whatsapp-window.js';
import { WebFiles } from './web-files.js';

/** What WhatsApp takes in one text; more would also go over the browser's pipe in one piece. */
const MAX_TEXT_LENGTH = 65_536;
const STICKER = 'image/webp';

export type Message = Exclude<OutboundContent, { type: 'reaction' | 'edit' | 'revoke' | 'forward' }>;
type MediaContent = Extract<OutboundContent, { media: OutboundMedia }>;

/** Throws for what will never be sent, before anything is loaded. */
export const requireSendable = (content: OutboundContent): void => {
  if (content.type === 'text' && content.text.length > MAX_TEXT_LENGTH) {
    throw new SendRefusedError('text-too-long', `A text has at most ${String(MAX_TEXT_LENGTH)} characters.`);
  }
  if (!('media' in content)) return;
  WebFiles.requireSize(content.media);
  if (content.type === 'sticker' && content.media.mimeType !== STICKER) {
    throw new SendRefusedError('media-unsuitable', `WhatsApp takes ${STICKER} as a sticker.`);
  }
};

/** RFC 2426, as WhatsApp writes it; `waid` makes the number one that can be written to. */
const escape = (text: string): string => text.replace(/[\\,;]/g, '\\$&').replaceAll('\n', '\\n');

export const toVcard = ({ name, phones, organization, email }: ContactCard): string =>
  [
    ...['BEGIN:VCARD', 'VERSION:3.0', `N:;${escape(name)};;;`, `FN:${escape(name)}`],
    ...(organization === undefined ? [] : [`ORG:${escape(organization)}`]),
    ...(email === undefined ? [] : [`EMAIL:${escape(email)}`]),
    ...phones.map((phone) => `TEL;type=CELL;waid=${phoneDigits(phone)}:${phone}`),
    'END:VCARD',
  ].join('\n');

const toMediaOptions = (content: MediaContent): PageSendOptions => ({
  ...(content.caption !== undefined && { caption: content.caption }),
  ...(content.type === 'voice' && { sendAudioAsVoice: true }),
  ...(content.type === 'sticker' && { sendMediaAsSticker: true }),
  ...(content.type === 'document' && { sendMediaAsDocument: true }),
});

const toOptions = (content: Message): PageSendOptions => {
  if ('media' in content) return toMediaOptions(content);
  if (content.type === 'text') {
    return { mentionedJidList: (content.mentions ?? []).map((phone) => `${phoneDigits(phone)}@c.us`) };
  }
  if (content.type === 'location') {
    const { latitude, longitude, name, address } = content;
    const description = [name, address].filter((part) => part !== undefined).join('\n') || undefined;
    return { location: { latitude, longitude, description } };
  }
  if (content.type === 'contacts') return {};
  const pollOptions = content.options.map((name, localId) => ({ name, localId }));
  return {
    poll: { pollName: content.question, pollOptions, options: { allowMultipleAnswers: content.allowsSeveral } },
  };
};

/** The page itself would make cards of its own contacts only. */
const toCards = (contacts: readonly ContactCard[]): object => {
  const cards = contacts.map((card) => ({ displayName: card.name, vcard: toVcard(card) }));
  const [first] = cards;
  if (first === undefined || cards.length > 1) return { type: 'multi_vcard', vcardList: cards, body: null };
  return { type: 'vcard', body: first.vcard, vcardFormattedName: first.displayName };
};

/** What the page takes of a message; its file by the key under which it was put there. */
export const toPageContent = (content: Message, fileKey: string | null): Omit<PageContent, 'quotedMessageId'> => ({
  body: content.type === 'text' ? content.text : '',
  options: toOptions(content),
  extra: content.type === 'contacts' ? toCards(content.contacts) : {},
  file:
    'media' in content && fileKey !== null
      ? { key: fileKey, mimetype: content.media.mimeType, name: content.media.fileName ?? '' }
      : null,
});

/** Plain texts go a way of their own, which needs nothing of the library but its first line. */
export const isPlainText = ({ content, quoted }: SendCommand): boolean =>
  content.type === 'text' && content.mentions === undefined && content.linkPreview !== true && quoted === null;
