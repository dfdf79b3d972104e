import fc from 'fast-check';

import { decodeCursor, encodeCursor, toPage } from './page.js';

const filters = fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
const positions = fc.string({ minLength: 1, unit: 'grapheme' });

describe('a cursor', () => {
  it('brings its position back with the filters it was made with', () => {
    fc.assert(
      fc.property(positions, filters, (position, given) => {
        expect(decodeCursor(encodeCursor(position, given), given)).toBe(position);
        expect(decodeCursor(encodeCursor(position, given), Object.fromEntries(Object.entries(given).reverse()))).toBe(
          position,
        );
      }),
    );
  });

  it('is refused with other filters', () => {
    fc.assert(
      fc.property(positions, filters, (position, given) => {
        expect(decodeCursor(encodeCursor(position, given), { ...given, other: 'x' })).toBeNull();
      }),
    );
  });

  it('is refused when somebody made it up', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), filters, (text, given) => {
        expect(decodeCursor(text, given)).toBeNull();
      }),
    );
    expect(decodeCursor(Buffer.from('a.b').toString('base64url'), {})).toBeNull();
    expect(decodeCursor(encodeCursor('', {}), {})).toBeNull();
  });

  it('can stand in a URL as it is', () => {
    fc.assert(fc.property(positions, (position) => /^[\w-]+$/.test(encodeCursor(position, {}))));
  });
});

describe(toPage.name, () => {
  it('leads through a list from the first row to the last, each once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }), (length, limit) => {
        const rows = Array.from({ length }, (_row, place) => place);
        const seen: number[] = [];
        let from = 0;
        for (let cursor: string | null = ''; cursor !== null;) {
          const page = toPage(rows.slice(from, from + limit + 1), limit, {}, String);
          seen.push(...page.data);
          cursor = page.nextCursor;
          if (cursor !== null) from = Number(decodeCursor(cursor, {})) + 1;
        }
        expect(seen).toEqual(rows);
      }),
    );
  });
});
