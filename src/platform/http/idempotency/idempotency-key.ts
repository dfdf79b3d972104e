import { createHash } from 'node:crypto';

import { canonicalJson } from '../../../kernel/canonical-json.js';
import { InvalidIdempotencyKeyError } from './idempotency.errors.js';

const MAX_LENGTH = 255;
const PRINTABLE = /^[\x20-\x7e]+$/;
/** A string of RFC 8941: only a quote and a backslash are escaped. */
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

const unquote = (text: string): string | undefined => QUOTED.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1');

/** The key in an `Idempotency-Key` header, bare or quoted; null without the header, and refused when it is no key. */
export const parseIdempotencyKey = (header: string | readonly string[] | undefined): string | null => {
  if (header === undefined) return null;
  const text = typeof header === 'string' ? header : header.join(', ');
  const key = text.startsWith('"') ? unquote(text) : text;
  if (key === undefined || key.length > MAX_LENGTH || !PRINTABLE.test(key)) throw new InvalidIdempotencyKeyError();
  return key;
};

/** Equal for bodies that say the same, in whichever order their members stand. */
export const hashBody = (body: unknown): string => createHash('sha256').update(canonicalJson(body)).digest('hex');
