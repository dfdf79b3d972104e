import fc from 'fast-check';

import { foldText, keysOfMessages, keysOfSearch, wordsOf } from './search-text.js';

const text = fc.string({ unit: 'binary', maxLength: 60 });

describe(foldText.name, () => {
  it.each([
    ['Café CRÈME', 'cafe creme'],
    ['São João', 'sao joao'],
    ['Straße', 'strasse'],
    ['ΟΔΟΣ οδός', 'οδοσ οδοσ'],
    ['İstanbul ılık', 'istanbul ilik'],
    ['Ёлка', 'елка'],
    ['ＷＩＤＥ １２３', 'wide 123'],
    ['مُحَمَّد مـــرحبا', 'محمد مرحبا'],
    ['がぎ ｶﾞ', 'がぎ ガ'],
    ['한국어', '한국어'],
    ['❤️ ❤', '❤ ❤'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
    ['a\u00a0\n\tb\u200bc', 'a bc'],
    ['ไม่', 'ไม่'],
  ])('takes %j as %j', (given, folded) => {
    expect(foldText(given)).toBe(folded);
  });

  it('gives what the database can keep, and the same again', () => {
    fc.assert(
      fc.property(text, (given) => {
        const folded = foldText(given);
        return folded.isWellFormed() && foldText(folded) === folded;
      }),
    );
  });
});

describe(keysOfSearch.name, () => {
  it('every piece of a text is found by the keys of the text', () => {
    fc.assert(
      fc.property(text, fc.nat(60), fc.nat(60), (given, start, length) => {
        const folded = foldText(given);
        const piece = Array.from(folded)
          .slice(start, start + length)
          .join('');
        const keys = new Set(keysOfMessages([{ text: folded, type: 'text', sessionId: 's' }]));
        const words = piece.split(' ').filter((word) => word !== '');
        return keysOfSearch(words, { type: 'text', sessionId: 's' }).every((key) => keys.has(key));
      }),
    );
  });

  it('a search of many words has few keys', () => {
    expect(keysOfSearch(wordsOf('abcdefghij'.repeat(20)), {})).toHaveLength(10);
    expect(
      keysOfSearch([Array.from({ length: 200 }, (_, n) => String.fromCodePoint(0x4e00 + n)).join('')], {}),
    ).toHaveLength(48);
  });

  it('numbers are whole numbers of 32 bits', () => {
    for (const key of keysOfMessages([{ text: '你好 👍🏽 abc', to: '+12025550110' }])) {
      expect(key).toBe(key | 0);
    }
  });
});
