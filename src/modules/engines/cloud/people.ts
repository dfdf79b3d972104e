/** What can be a number in E.164: a country code and at most fifteen digits. */
const NUMBER = /^[1-9][0-9]{6,14}$/;

/** How the numbers of one country are written in two ways: as they are dialled today, and otherwise. */
interface DoubleForm {
  readonly dialled: RegExp;
  readonly other: RegExp;
  readonly toDialled: (digits: string) => string;
  readonly toOther: (digits: string) => string;
}

const without = (digits: string, at: number): string => digits.slice(0, at) + digits.slice(at + 1);
const withDigit = (digits: string, at: number, digit: string): string => digits.slice(0, at) + digit + digits.slice(at);

/**
 * "Send messages", on numbers of Brazil, Mexico and Argentina: the id that WhatsApp gives a person may have a digit less
 * or more than the number that is dialled, so that the same person comes under two numbers.
 */
const DOUBLE_FORMS: readonly DoubleForm[] = [
  {
    // Brazil: 55, two digits of the area, a nine before the eight digits of a mobile number. Fixed lines have none.
    dialled: /^55[1-9][0-9]9[6-9][0-9]{7}$/,
    other: /^55[1-9][0-9][6-9][0-9]{7}$/,
    toDialled: (digits) => withDigit(digits, 4, '9'),
    toOther: (digits) => without(digits, 4),
  },
  {
    // Mexico: a one after the 52 until 2019.
    dialled: /^52[2-9][0-9]{9}$/,
    other: /^521[2-9][0-9]{9}$/,
    toDialled: (digits) => without(digits, 2),
    toOther: (digits) => withDigit(digits, 2, '1'),
  },
  {
    // Argentina: a nine after the 54 of a mobile number that is called from abroad.
    dialled: /^549[1-8][0-9]{9}$/,
    other: /^54[1-8][0-9]{9}$/,
    toDialled: (digits) => withDigit(digits, 2, '9'),
    toOther: (digits) => without(digits, 2),
  },
];

const digitsOf = (written: string): string | null => {
  // As WhatsApp writes it: nearly always.
  if (NUMBER.test(written)) return written;
  const digits = written
    .trim()
    .replace(/^\+/, '')
    .replace(/[ ().-]/g, '');
  return NUMBER.test(digits) ? digits : null;
};

/** A number as E.164, in the form in which it was written; null for what is no number. */
export const numberOf = (written: string): string | null => {
  const digits = digitsOf(written);
  return digits === null ? null : `+${digits}`;
};

/**
 * Every number under which WhatsApp may know the owner of this one, in E.164: first the key, which is the same for all
 * of them. Empty for what is no number, such as a business-scoped id.
 */
export const numbersOfPerson = (written: string): readonly string[] => {
  const digits = digitsOf(written);
  if (digits === null) return [];
  // The countries with two forms are 52, 54 and 55.
  if (!digits.startsWith('5')) return [`+${digits}`];
  for (const { dialled, other, toDialled, toOther } of DOUBLE_FORMS) {
    if (dialled.test(digits)) return [`+${digits}`, `+${toOther(digits)}`];
    if (other.test(digits)) return [`+${toDialled(digits)}`, `+${digits}`];
  }
  return [`+${digits}`];
};

/**
 * One key for one person, whichever form of the number WhatsApp, a contact list or an operator uses. It is for
 * comparing, not for dialling: an answer goes to the number that the message came from. Null for what is no number.
 */
export const personKey = (written: string): string | null => numbersOfPerson(written)[0] ?? null;

/** Whether two numbers are one person. */
export const isSamePerson = (one: string, other: string): boolean => {
  const key = personKey(one);
  return key !== null && key === personKey(other);
};
