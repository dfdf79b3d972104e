import { fileTypeFromBuffer } from 'file-type';

/** More is not needed to recognise a type, and is not given to a parser. */
export const SNIFFED_BYTES = 4096;

export const UNKNOWN_TYPE = 'application/octet-stream';

/** Types that are kept under their name; scripts, markup and programs are bytes. */
const KNOWN =
  /^(?:image\/(?:jpeg|png|webp|gif|heic|avif)|video\/|audio\/|font\/|application\/(?:pdf|zip|gzip|x-7z-compressed|x-rar-compressed|epub\+zip|vnd\.(?:openxmlformats|oasis|ms-|rar)))/;

const ALIASES: Readonly<Record<string, string>> = {
  'video/x-m4v': 'video/mp4',
  'audio/ogg; codecs=opus': 'audio/ogg',
};

/** The type that the first bytes of a file show; `application/octet-stream` when they show none that is harmless. */
export const sniffType = async (head: Uint8Array): Promise<string> => {
  const found = await fileTypeFromBuffer(head.subarray(0, SNIFFED_BYTES)).catch(() => undefined);
  if (found === undefined) return UNKNOWN_TYPE;
  const type = ALIASES[found.mime] ?? found.mime;
  return KNOWN.test(type) ? type : UNKNOWN_TYPE;
};
