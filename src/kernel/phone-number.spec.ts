import fc from 'fast-check';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';

import { maskPhoneNumber, parsePhoneNumber, phoneDigits } from './phone-number.js';

/** A real mobile number of each country. */
const numbers = getCountries().flatMap((country) => {
  const number = getExampleNumber(country, examples)?.number;
  return number === undefined ? [] : [number];
});

describe(parsePhoneNumber.name, () => {
  it('reads a number of every country in each way in which people write it, as one number', () => {
    expect(numbers.length).toBeGreaterThan(200);
    const separators = fc.constantFrom('', ' ', '-', '.');
    fc.assert(
      fc.property(fc.constantFrom(...numbers), separators, fc.constantFrom('+', '', '00'), (number, gap, prefix) => {
        const digits = number.slice(1);
        const written = `${prefix}${digits.slice(0, 5)}${gap}${digits.slice(5)}`;
        expect(parsePhoneNumber(written)).toBe(parsePhoneNumber(number));
        expect(parsePhoneNumber(` ${written} `)).toBe(parsePhoneNumber(number));
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same again when it has read more numbers than it remembers', () => {
    const written = ['+12025550110', '+1202555', 'nobody'];
    const first = written.map(parsePhoneNumber);
    for (let i = 0; i < 25_000; i += 1) {
      parsePhoneNumber(`+4915${String(100_000_000 + i)}`);
      if (i % 5000 === 0) expect(written.map(parsePhoneNumber)).toEqual(first);
    }
    expect(first).toEqual(['+12025550110', null, null]);
  });

  it('gives E.164 or nothing, for any text, and the same again for what it gave', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'+0123456789 ()-.'.split('')) }),
      fc.integer({ min: 0 }).map(String),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const number = parsePhoneNumber(text);
        if (number === null) return;
        expect(number).toMatch(/^\+[1-9]\d{6,14}$/);
        expect(parsePhoneNumber(number)).toBe(number);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['+1 202-555-0110', '+12025550110'],
    ['001 (202) 555 0110', '+12025550110'],
    ['5511987654399', '+5511987654399'],
    ['+44 7911 123456', '+447911123456'],
  ])('I8 reads %s', (written, number) => {
    expect(parsePhoneNumber(written)).toBe(number);
  });

  it.each([
    ['three digits', '123'],
    ['sixteen digits', '+1202555011000000'],
    ['nothing', ''],
    ['a zero', '+0'],
    ['no country', '+999123456789'],
    ['full-width digits', '＋１２０２５５５０１１０'],
    ['Arabic-Indic digits', '+١٢٠٢٥٥٥٠١١٠'],
    ['letters', '+1202CALLNOW'],
    ['a group', '120363025246125486@g.us'],
    ['a hidden id', '123456789012345@lid'],
    ['a channel', '120363025246125486@newsletter'],
    ['everybody', 'status@broadcast'],
    ['an address', '12025550110@c.us'],
    ['two numbers', '+12025550110,+12025550111'],
    ['an extension', '+12025550110;ext=5'],
    ['a NUL', '+12025550110\u0000'],
    ['a line break inside', '+1202\n5550110'],
    ['a right-to-left mark', '\u200e+12025550110'],
  ])('I8 refuses %s', (_what, written) => {
    expect(parsePhoneNumber(written)).toBeNull();
  });
});

describe(maskPhoneNumber.name, () => {
  it('shows the first two and the last two digits', () => {
    expect(maskPhoneNumber('+5511987654399')).toBe('55*********99');
    expect(maskPhoneNumber('1234')).toBe('****');
    expect(maskPhoneNumber('')).toBe('');
  });

  it('keeps the length and gives no more than four digits away', () => {
    fc.assert(
      fc.property(fc.constantFrom(...numbers), (number) => {
        const masked = maskPhoneNumber(number);
        expect(masked).toHaveLength(phoneDigits(number).length);
        expect(masked.replaceAll('*', '')).toHaveLength(4);
      }),
    );
  });
});
