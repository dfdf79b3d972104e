const THREE_DIGITS = ['351', '352', '353', '593', '595', '598', '971', '972'];
const ONE_OR_TWO_DIGITS = new Set(
  '1 7 20 27 30 31 32 33 34 39 44 49 52 54 55 56 57 58 61 62 63 81 82 86 90 91 92'.split(' '),
);

/** The calling code with which a number starts; three digits when it is none of those that are known. */
export function findCallingCode(phone) {
  const text = String(phone);
  const known = [2, 1].map((length) => text.slice(0, length)).find((code) => ONE_OR_TWO_DIGITS.has(code));
  return THREE_DIGITS.find((code) => text.startsWith(code)) || known || text.slice(0, 3);
}
