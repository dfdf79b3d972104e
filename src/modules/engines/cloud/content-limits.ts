import type { ContactCard, MediaType, OutboundContent, OutboundMedia } from '../engine.content.js';
import { type ContentFault, countFaults, optionalTextFaults, textFaults, unless } from './content-fault.js';

type Faults = readonly ContentFault[];

/** "Text messages". */
export const TEXT_CHARACTERS = 4_096;
/** "Image messages", "Video messages", "Document messages". */
export const CAPTION_CHARACTERS = 1_024;
/** "Contacts messages". */
const CONTACTS_AT_MOST = 257;

const KIB = 1_024;
const MIB = 1_024 * KIB;

interface MediaLimit {
  readonly maxBytes: number;
  readonly mimeTypes: ReadonlySet<string>;
  readonly hasCaption: boolean;
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const AUDIO = ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'];

/** "Media": sizes and types that are supported. A sticker may be animated, which nothing here tells. */
export const MEDIA_LIMITS: Readonly<Record<MediaType, MediaLimit>> = {
  image: { maxBytes: 5 * MIB, mimeTypes: new Set(['image/jpeg', 'image/png']), hasCaption: true },
  video: { maxBytes: 16 * MIB, mimeTypes: new Set(['video/mp4', 'video/3gpp']), hasCaption: true },
  audio: { maxBytes: 16 * MIB, mimeTypes: new Set(AUDIO), hasCaption: false },
  voice: { maxBytes: 16 * MIB, mimeTypes: new Set(['audio/ogg']), hasCaption: false },
  document: {
    maxBytes: 100 * MIB,
    mimeTypes: new Set([
      ...['text/plain', 'application/pdf', 'application/msword'],
      ...['application/vnd.ms-excel', 'application/vnd.ms-powerpoint'],
      ...[`${OFFICE}.wordprocessingml.document`, `${OFFICE}.spreadsheetml.sheet`],
      `${OFFICE}.presentationml.presentation`,
    ]),
    hasCaption: true,
  },
  sticker: { maxBytes: 500 * KIB, mimeTypes: new Set(['image/webp']), hasCaption: false },
};

/** Without what is said about the type: `audio/ogg; codecs=opus` is `audio/ogg`. */
const bareType = (mimeType: string): string => (mimeType.split(';')[0] ?? '').trim().toLowerCase();

const fileFaults = ({ maxBytes, mimeTypes }: MediaLimit, { mimeType, sizeBytes }: OutboundMedia): Faults => [
  ...unless(
    mimeTypes.has(bareType(mimeType)),
    '/media/mimeType',
    'mime-type',
    `is ${mimeType}; allowed are ${[...mimeTypes].join(', ')}.`,
  ),
  ...unless(sizeBytes > 0, '/media', 'empty', 'must not be empty.'),
  ...unless(
    sizeBytes <= maxBytes,
    '/media',
    'size',
    `has ${String(sizeBytes)} bytes; at most ${String(maxBytes)} are allowed.`,
  ),
];

const mediaFaults = (content: Extract<OutboundContent, { type: MediaType }>): Faults => {
  const limits = MEDIA_LIMITS[content.type];
  return [
    ...fileFaults(limits, content.media),
    ...unless(
      content.caption === undefined || limits.hasCaption,
      '/caption',
      'not-allowed',
      `cannot stand at the type ${content.type}.`,
    ),
    ...(limits.hasCaption ? optionalTextFaults('/caption', content.caption, CAPTION_CHARACTERS) : []),
  ];
};

const locationFaults = ({ latitude, longitude }: { latitude: number; longitude: number }): Faults => [
  ...unless(Math.abs(latitude) <= 90, '/latitude', 'range', 'must be from -90 to 90.'),
  ...unless(Math.abs(longitude) <= 180, '/longitude', 'range', 'must be from -180 to 180.'),
];

const contactFaults = (contacts: readonly ContactCard[]): Faults => [
  ...countFaults('/contacts', contacts.length, 1, CONTACTS_AT_MOST),
  ...contacts.flatMap(({ name }, index) =>
    unless(name.trim() !== '', `/contacts/${String(index)}/name`, 'empty', 'must not be empty.'),
  ),
];

/** One emoji as Unicode recommends them, or a picture sign without the mark that makes it colourful. */
const EMOJI = /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?)$/v;

const reactionFaults = (emoji: string): Faults =>
  unless(emoji === '' || EMOJI.test(emoji), '/emoji', 'not-an-emoji', 'must be one emoji, or empty to take it back.');

const unsupportedFaults = (type: string): Faults =>
  unless(false, '/type', 'not-supported', `${type} cannot be sent by the Cloud API.`);

/** Everything in which a content exceeds what Meta documents for its type. */
export const contentFaults = (content: OutboundContent): Faults => {
  if ('media' in content) return mediaFaults(content);
  switch (content.type) {
    case 'text':
      return [
        ...textFaults('/text', content.text, TEXT_CHARACTERS),
        ...unless(
          (content.mentions ?? []).length === 0,
          '/mentions',
          'not-supported',
          'cannot be sent by the Cloud API.',
        ),
      ];
    case 'location':
      return locationFaults(content);
    case 'contacts':
      return contactFaults(content.contacts);
    case 'reaction':
      return reactionFaults(content.emoji);
    default:
      return unsupportedFaults(content.type);
  }
};
