import { asRecord, numberAt, textAt } from './untrusted-json.js';

/** A file at Meta. Its address lives for five minutes and needs the token; the id lives for days. */
export interface MediaDetails {
  readonly id: string;
  readonly url: string;
  readonly mimeType: string | null;
  /** Of the file itself, in hexadecimal digits or in base64. */
  readonly sha256: string | null;
  readonly sizeBytes: number | null;
}

/** The id in the answer to `POST /{phone-number-id}/media`; null when there is none. */
export const readUploadedId = (body: unknown): string | null => textAt(asRecord(body), 'id');

/** The answer to `GET /{media-id}`; null when it names no address. */
export const readMediaDetails = (body: unknown): MediaDetails | null => {
  const answer = asRecord(body);
  const [id, url] = [textAt(answer, 'id'), textAt(answer, 'url')];
  if (id === null || url === null) return null;
  return {
    ...{ id, url },
    mimeType: textAt(answer, 'mime_type'),
    sha256: textAt(answer, 'sha256'),
    // A text in one of Meta's samples, a number in others.
    sizeBytes: numberAt(answer, 'file_size'),
  };
};

/** Where Meta keeps files. */
const MEDIA_HOST = 'lookaside.fbsbx.com';

/**
 * Whether the token may go to this address: it is Meta's store of files, over TLS, or lies at the configured Graph API
 * itself. An address that was told, or redirected to, must not carry the token anywhere else.
 */
export const mayCarryToken = (address: string, graphApiUrl: string): boolean => {
  if (!URL.canParse(address) || !URL.canParse(graphApiUrl)) return false;
  const url = new URL(address);
  if (url.origin === new URL(graphApiUrl).origin) return url.origin !== 'null';
  return url.protocol === 'https:' && url.hostname === MEDIA_HOST && url.port === '';
};
