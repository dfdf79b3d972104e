import { parsePhoneNumber } from '../../../kernel/phone-number.js';
import type { InboundContent, InboundMediaNotice, InboundType } from '../engine.content.js';
import type { PageDetails, PageInbound } from './page/receiving.js';

/** WhatsApp's word for a type, and ours. */
const TYPES: Readonly<Record<string, InboundType>> = {
  chat: 'text',
  image: 'image',
  video: 'video',
  gif: 'video',
  audio: 'audio',
  ptt: 'voice',
  document: 'document',
  sticker: 'sticker',
  location: 'location',
  vcard: 'contacts',
  multi_vcard: 'contacts',
  poll_creation: 'poll',
};

const MEDIA: ReadonlySet<InboundType> = new Set(['image', 'video', 'audio', 'voice', 'document', 'sticker']);

/** What is read of a message beside its text. */
export const DETAILS = [
  ...['caption', 'mimetype', 'filename', 'size', 'lat', 'lng', 'loc', 'vcardList', 'vcardFormattedName'],
  ...['pollName', 'pollOptions', 'quotedStanzaID', 'quotedParticipant', 'isForwarded', 'mentionedJidList'],
] as const satisfies readonly (keyof PageDetails)[];

/** Only what is read, whatever else the library carries along. */
export const pickDetails = (raw: object): PageDetails => {
  const given = raw as Readonly<Record<string, unknown>>;
  const textOf = (value: unknown): unknown => (value as { _serialized?: unknown } | null)?._serialized ?? value;
  return Object.fromEntries(
    DETAILS.flatMap((name) => (given[name] === undefined || given[name] === null ? [] : [[name, textOf(given[name])]])),
  );
};

export const typeOf = (type: string): InboundType => TYPES[type] ?? 'unsupported';

/** The number that WhatsApp has put beside the one that was written, where it knows it. */
const phonesIn = (vcard: string): readonly string[] =>
  [...vcard.matchAll(/^(?:item\d+\.)?TEL([^:\r\n]*):(.+)$/gim)].map(([, parameters = '', written = '']) => {
    const [, known] = /waid=(\d+)/i.exec(parameters) ?? [];
    return parsePhoneNumber(known ?? written) ?? written.trim();
  });

const contactsOf = ({ body, details }: PageInbound): NonNullable<InboundContent['contacts']> => {
  const cards = details.vcardList ?? [{ displayName: details.vcardFormattedName ?? '', vcard: body }];
  return cards.map(({ displayName = '', vcard = '' }) => ({ name: displayName, phones: phonesIn(vcard) }));
};

const locationOf = ({ lat, lng, loc }: PageDetails): InboundContent['location'] => {
  const [name, ...address] = (loc ?? '').split('\n');
  return {
    ...{ latitude: Number(lat), longitude: Number(lng) },
    ...(name !== undefined && name !== '' && { name }),
    ...(address.length > 0 && { address: address.join('\n') }),
  };
};

export const contentOf = (message: PageInbound): InboundContent | null => {
  const { type, details } = message;
  const kind = typeOf(type);
  const { isForwarded } = details;
  const content: InboundContent = {
    ...(kind === 'location' && { location: locationOf(details) ?? { latitude: 0, longitude: 0 } }),
    ...(kind === 'contacts' && { contacts: contactsOf(message) }),
    ...(kind === 'poll' && {
      poll: { question: details.pollName ?? '', options: (details.pollOptions ?? []).map(({ name }) => name) },
    }),
    ...(kind === 'unsupported' && { providerType: type }),
    ...(isForwarded === true && { isForwarded }),
  };
  return Object.keys(content).length === 0 ? null : content;
};

export const textOf = ({ type, body, details }: PageInbound): string | null => {
  if (typeOf(type) === 'text') return body;
  return details.caption ?? (typeOf(type) === 'poll' ? (details.pollName ?? null) : null);
};

export const noticeOf = ({ type, details }: PageInbound): InboundMediaNotice | null => {
  if (!MEDIA.has(typeOf(type))) return null;
  const { mimetype = null, filename = null, size } = details;
  return { mimeType: mimetype, fileName: filename, sizeBytes: size ?? null };
};

/** The addresses of the people who are mentioned. */
export const mentionsOf = ({ details }: PageInbound): readonly string[] => {
  const listed: readonly unknown[] = details.mentionedJidList ?? [];
  return listed.map((one) => (typeof one === 'string' ? one : (one as { readonly _serialized: string })._serialized));
};

/** As we know the message that is answered: of our own the part that we chose, of others the whole. */
export const quotedIdOf = ({ from, author, details }: PageInbound, isOurs: boolean): string | null => {
  const { quotedStanzaID, quotedParticipant } = details;
  if (quotedStanzaID === undefined) return null;
  if (isOurs) return quotedStanzaID;
  // In a group the author is part of the id.
  const suffix = author === undefined ? '' : `_${quotedParticipant ?? author}`;
  return `false_${from}_${quotedStanzaID}${suffix}`;
};
