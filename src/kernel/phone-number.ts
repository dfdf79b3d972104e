import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** E.164 with its plus, such as `+12025550110`. */
export type PhoneNumber = string & { readonly brand: 'PhoneNumber' };

const WRITTEN = /^\+?[0-9][0-9 ().-]{4,24}$/;

/**
 * Reads a number as people write it (`+1 202-555-0110`, `12025550110`, `0012025550110`) and gives E.164, or null when
 * no country has such a number. Digits of other scripts, letters, WhatsApp addresses (`…@g.us`) are not numbers.
 */
export const parsePhoneNumber = (written: string): PhoneNumber | null => {
  const text = written.trim();
  if (!WRITTEN.test(text)) return null;
  const international = text.startsWith('+') ? text : `+${text.replace(/^00/, '')}`;
  const parsed = parsePhoneNumberFromString(international);
  return parsed?.isValid() === true ? (parsed.number as PhoneNumber) : null;
};

/** The digits without the plus, as WhatsApp writes a person's number. */
export const phoneDigits = (phone: string): string => phone.replace(/\D/g, '');

/** `+5511987654399` → `55********99`: enough to recognise a number that one knows, and not to learn it. */
export const maskPhoneNumber = (phone: string): string => {
  const digits = phoneDigits(phone);
  if (digits.length <= 4) return '*'.repeat(digits.length);
  return `${digits.slice(0, 2)}${'*'.repeat(digits.length - 4)}${digits.slice(-2)}`;
};
