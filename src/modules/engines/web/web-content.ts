import { text as readText } from 'node:stream/consumers';
import { Transform } from 'node:stream';

import { phoneDigits } from '../../../kernel/phone-number.js';
import { SendRefusedError } from '../engine.errors.js';
import type { ContactCard, OutboundContent, OutboundMedia } from '../engine.content.js';
import type { SendCommand } from '../engine.port.js';
import type { PageContent } from './page/sending-content.js';
import type { PageSendOptions } from './page/whatsapp-window.js';

/** What goes over the browser's pipe in one piece; 80 MiB close the connection to it (P13). */
const MAX_MEDIA_BYTES = 64 * 1024 * 1024;

type Message = Exclude<OutboundContent, { type: 'reaction' | 'edit' | 'revoke' | 'forward' }>;
type MediaContent = Extract<OutboundContent, { media: OutboundMedia }>;

/** Base64 in pieces of whole triples, so that the pieces can be put together as they are. */
const toBase64 = (): Transform => {
  let rest: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = Buffer.concat([rest, chunk]);
      const whole = bytes.length - (bytes.length % 3);
      rest = bytes.subarray(whole);
      done(null, bytes.subarray(0, whole).toString('base64'));
    },
    flush(done) {
      done(null, rest.toString('base64'));
    },
  });
};

const readMedia = async (media: OutboundMedia): Promise<NonNullable<PageSendOptions['media']>> => {
  if (media.sizeBytes > MAX_MEDIA_BYTES) {
    throw new SendRefusedError('media-too-large', `A file has at most ${String(MAX_MEDIA_BYTES)} bytes.`);
  }
  const data = await readText((await media.open()).pipe(toBase64()));
  return { mimetype: media.mimeType, data, filename: media.fileName ?? undefined };
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

const toMediaOptions = async (content: MediaContent): Promise<PageSendOptions> => ({
  media: await readMedia(content.media),
  ...(content.caption !== undefined && { caption: content.caption }),
  ...(content.type === 'voice' && { sendAudioAsVoice: true }),
  ...(content.type === 'sticker' && { sendMediaAsSticker: true }),
  ...(content.type === 'document' && { sendMediaAsDocument: true }),
});

const toOptions = async (content: Message): Promise<PageSendOptions> => {
  if ('media' in content) return toMediaOptions(content);
  if (content.type === 'text') {
    const mentionedJidList = (content.mentions ?? []).map((phone) => `${phoneDigits(phone)}@c.us`);
    return { mentionedJidList, ...(content.linkPreview === true && { linkPreview: true }) };
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

/** What the page takes of a message. Reading a file that is gone rejects before anything has left. */
export const toPageContent = async (content: Message, quoted: SendCommand['quoted']): Promise<PageContent> => ({
  body: content.type === 'text' ? content.text : '',
  options: await toOptions(content),
  cards:
    content.type === 'contacts'
      ? content.contacts.map((card) => ({ displayName: card.name, vcard: toVcard(card) }))
      : [],
  quoted: quoted && { id: quoted.providerMessageId, isOurs: quoted.isOurs },
});

/** Plain texts go a way of their own, which needs nothing of the library but its first line. */
export const isPlainText = ({ content, quoted }: SendCommand): boolean =>
  content.type === 'text' && content.mentions === undefined && content.linkPreview !== true && quoted === null;
