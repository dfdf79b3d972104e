const MB = 1024 * 1024;

interface Limit {
  readonly maxBytes: number;
  /** Null: every type. */
  readonly mimeTypes: readonly string[] | null;
}

/**
 * What WhatsApp takes as what (developers.facebook.com, Cloud API reference, "Media": supported types and sizes). A
 * document is held to 64 MiB, because more closes the connection to a browser (facts, P13).
 */
export const MEDIA_LIMITS = {
  image: { maxBytes: 5 * MB, mimeTypes: ['image/jpeg', 'image/png'] },
  video: { maxBytes: 16 * MB, mimeTypes: ['video/mp4', 'video/3gpp'] },
  audio: {
    maxBytes: 16 * MB,
    mimeTypes: ['audio/aac', 'audio/mp4', 'audio/x-m4a', 'audio/mpeg', 'audio/amr', 'audio/ogg', 'audio/opus'],
  },
  voice: { maxBytes: 16 * MB, mimeTypes: ['audio/ogg', 'audio/opus'] },
  document: { maxBytes: 64 * MB, mimeTypes: null },
  sticker: { maxBytes: 512 * 1024, mimeTypes: ['image/webp'] },
} as const satisfies Record<string, Limit>;

export type MediaKind = keyof typeof MEDIA_LIMITS;

/** The largest file that is taken at all, in bytes. */
export const MAX_MEDIA_BYTES = Math.max(...Object.values(MEDIA_LIMITS).map(({ maxBytes }) => maxBytes));

/** Why a file cannot be sent as this kind; null when it can. */
export const findMediaTrouble = (
  kind: MediaKind,
  { mimeType, size }: { readonly mimeType: string; readonly size: number },
): string | null => {
  const { maxBytes, mimeTypes }: Limit = MEDIA_LIMITS[kind];
  if (size === 0) return 'The file is empty.';
  if (size > maxBytes) return `It has ${String(size)} bytes; WhatsApp takes at most ${String(maxBytes)} as ${kind}.`;
  if (mimeTypes === null || mimeTypes.includes(mimeType)) return null;
  return `Its bytes are ${mimeType}; WhatsApp takes ${mimeTypes.join(', ')} as ${kind}.`;
};
