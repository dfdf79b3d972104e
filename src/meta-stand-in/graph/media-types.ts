const KB = 1024;
const MB = 1024 * KB;

const AUDIO = ['audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/amr', 'audio/ogg'];
const OFFICE = 'application/vnd.openxmlformats-officedocument';
const DOCUMENTS = [
  'text/plain',
  'application/pdf',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
  `${OFFICE}.wordprocessingml.document`,
  `${OFFICE}.spreadsheetml.sheet`,
  `${OFFICE}.presentationml.presentation`,
];

export interface MediaKind {
  readonly kind: string;
  readonly mimeTypes: readonly string[];
  readonly maxBytes: number;
}

/** What may be uploaded, and how large ("Media", supported media types). A sticker is told from its animation. */
const KINDS: readonly MediaKind[] = [
  { kind: 'audio', mimeTypes: AUDIO, maxBytes: 16 * MB },
  { kind: 'image', mimeTypes: ['image/jpeg', 'image/png'], maxBytes: 5 * MB },
  { kind: 'video', mimeTypes: ['video/mp4', 'video/3gpp'], maxBytes: 16 * MB },
  { kind: 'document', mimeTypes: DOCUMENTS, maxBytes: 100 * MB },
  { kind: 'sticker', mimeTypes: ['image/webp'], maxBytes: 500 * KB },
];

const MAX_STILL_STICKER = 100 * KB;

/** The type without its parameters. */
export const bareTypeOf = (mimeType: string): string => mimeType.split(';')[0]?.trim().toLowerCase() ?? '';

export const kindOf = (mimeType: string): MediaKind | undefined =>
  KINDS.find(({ mimeTypes }) => mimeTypes.includes(bareTypeOf(mimeType)));

export const typesOf = (kind: string): readonly string[] => KINDS.find((known) => known.kind === kind)?.mimeTypes ?? [];

export const ALL_TYPES: readonly string[] = KINDS.flatMap(({ mimeTypes }) => mimeTypes);

/** A WebP file with an ANIM chunk moves, and may be larger. */
export const limitOf = ({ kind, maxBytes }: MediaKind, bytes: Buffer): number =>
  kind === 'sticker' && !bytes.subarray(0, KB).includes('ANIM') ? MAX_STILL_STICKER : maxBytes;
