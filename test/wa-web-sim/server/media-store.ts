import { createHash, randomBytes } from 'node:crypto';
import { nowSeconds } from './addresses.ts';
import type { IncomingMedia } from './contract.ts';

export interface MediaFile {
  readonly bytes: Buffer;
  readonly mimetype: string | undefined;
  readonly sha256: string;
  /** The file is announced, its bytes are not there any more. */
  readonly missing: boolean;
}

/** Files by their path on WhatsApp's media host. */
export class MediaStore {
  private readonly files = new Map<string, MediaFile>();

  find(directPath: string | undefined): MediaFile | undefined {
    return directPath === undefined ? undefined : this.files.get(directPath);
  }

  add(bytes: Buffer, mimetype: string | undefined, missing = false): MediaFile & { readonly directPath: string } {
    const directPath = `/v/t62.7118-24/${randomBytes(12).toString('hex')}.enc`;
    const sha256 = createHash('sha256').update(bytes).digest('base64');
    const file = { bytes, mimetype, sha256, missing };
    this.files.set(directPath, file);
    return { ...file, directPath };
  }

  clear(): void {
    this.files.clear();
  }
}

/** The fields that a message with a file carries. */
export function mediaFields(store: MediaStore, media: IncomingMedia): Record<string, unknown> {
  const bytes = media.data ? Buffer.from(media.data, 'base64') : Buffer.alloc(media.bytes ?? 1024, media.fill ?? 0x41);
  const file = store.add(bytes, media.mimetype, media.missing);
  return {
    mimetype: media.mimetype,
    filename: media.filename,
    size: bytes.length,
    filehash: file.sha256,
    encFilehash: file.sha256,
    mediaKey: randomBytes(32).toString('base64'),
    mediaKeyTimestamp: nowSeconds(),
    directPath: file.directPath,
    deprecatedMms3Url: `https://mmg.whatsapp.net${file.directPath}`,
    ...(media.width ? { width: media.width, height: media.height } : {}),
    ...(media.duration ? { duration: String(media.duration) } : {}),
    ...(media.stage ? { __stage: media.stage } : {}),
  };
}
