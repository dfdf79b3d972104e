import fc from 'fast-check';

import { jsonDepth } from './json-body.js';

const depthOf = (value: unknown): number => {
  if (value === null || typeof value !== 'object') return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
};

describe(jsonDepth.name, () => {
  it('is the depth that a parser would find, without parsing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, noUnicodeString: false }), (value) => {
        expect(jsonDepth(JSON.stringify(value))).toBe(depthOf(value));
        expect(jsonDepth(JSON.stringify(value, null, 2))).toBe(depthOf(value));
      }),
    );
  });

  it.each([
    ['"[[[["', 0],
    ['"\\"[["', 0],
    ['"\\\\"', 0],
    ['["\\\\",[]]', 2],
    ['{"{":"}"}', 1],
    ['', 0],
    ['[[[', 3],
    [']]]', 0],
  ])('of %s is %i', (text, depth) => {
    expect(jsonDepth(text)).toBe(depth);
  });

  it('of two hundred thousand levels is found without recursion', () => {
    expect(jsonDepth('['.repeat(200_000))).toBe(200_000);
  });
});
