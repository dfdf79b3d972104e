import { createHash } from 'node:crypto';

import { canonicalJson } from '../../../kernel/canonical-json.js';
import { InvalidRequestError } from '../http.errors.js';

const MAX_LENGTH = 255;
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * The key in an `Idempotency-Key` header, bare or as a quoted string (draft-ietf-httpapi-idempotency-key-header-07);
 * null when there is none. Throws `invalid-request` when it is longer than 255 characters or not printable ASCII.
 */
export const parseIdempotencyKey = (header: string | undefined): string | null => {
  if (header === undefined) return null;
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (key.length > MAX_LENGTH || !PRINTABLE.test(key)) {
    const detail = `must be 1 to ${String(MAX_LENGTH)} printable ASCII characters`;
    throw new InvalidRequestError([{ pointer: 'Idempotency-Key', detail }]);
  }
  return key;
};

/** What two requests with one key are compared by: the same whatever the order of the members. */
export const hashBody = (body: unknown): string => createHash('sha256').update(canonicalJson(body)).digest('base64url');
