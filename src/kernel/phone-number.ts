import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** E.164 with its plus, such as `+12025550110`. */
export type PhoneNumber = string & { readonly brand: 'PhoneNumber' };

const MAX_WRITTEN = 32;
const WRITTEN = /^\+?[0-9][0-9 ().-]{4,24}$/;

/**
 * Numbers that were read lately: a request reads its recipient more than once, and people write to the same ones. When
 * the newer half is full, the older one is forgotten.
 */
const HALF = 10_000;
let newer = new Map<string, PhoneNumber | null>();
let older = new Map<string, PhoneNumber | null>();

const read = (written: string): PhoneNumber | null => {
  const text = written.trim();
  if (!WRITTEN.test(text)) return null;
  const international = text.startsWith('+') ? text : `+${text.replace(/^00/, '')}`;
  const parsed = parsePhoneNumberFromString(international);
  return parsed?.isValid() === true ? (parsed.number as PhoneNumber) : null;
};

const remember = (written: string, phone: PhoneNumber | null): void => {
  if (newer.size >= HALF) {
    older = newer;
    newer = new Map();
  }
  newer.set(written, phone);
};

/**
 * Reads a number as people write it (`+1 202-555-0110`, `12025550110`, `0012025550110`) and gives E.164, or null when
 * no country has such a number. Digits of other scripts, letters, WhatsApp addresses (`…@g.us`) are not numbers.
 */
export const parsePhoneNumber = (written: string): PhoneNumber | null => {
  const known = newer.get(written);
  if (known !== undefined) return known;
  const old = older.get(written);
  const phone = old === undefined ? read(written) : old;
  // Only what is short enough to be a number is kept: the memory is not for whoever sends long texts.
  if (written.length <= MAX_WRITTEN) remember(written, phone);
  return phone;
};

/** The digits without the plus, as WhatsApp writes a person's number. */
export const phoneDigits = (phone: string): string => phone.replace(/\D/g, '');

/** `+5511987654399` → `55********99`: enough to recognise a number that one knows, and not to learn it. */
export const maskPhoneNumber = (phone: string): string => {
  const digits = phoneDigits(phone);
  if (digits.length <= 4) return '*'.repeat(digits.length);
  return `${digits.slice(0, 2)}${'*'.repeat(digits.length - 4)}${digits.slice(-2)}`;
};
