import fc from 'fast-check';

import { canonicalJson } from './canonical-json.js';

/** The same value with the members of every object in another order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
};

describe(canonicalJson.name, () => {
  it('is one text for one value, in whatever order its members were written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('is read back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is another text for another value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const isSame = JSON.stringify(reversed(a)) === JSON.stringify(reversed(b));
        if (!isSame && canonicalJson(a) === canonicalJson(b)) expect(JSON.parse(canonicalJson(a))).toEqual(b);
      }),
    );
  });

  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ a: undefined, b: { d: 1, c: 2 } }, '{"b":{"c":2,"d":1}}'],
    [[undefined, 1], '[null,1]'],
    [{ é: 1, z: 2, a: 3, A: 4 }, '{"A":4,"a":3,"z":2,"é":1}'],
    ['\u2028"\\', '"\u2028\\"\\\\"'],
    [undefined, 'null'],
  ])('writes %j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});
