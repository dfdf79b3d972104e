import fc from 'fast-check';

import { isSecretOf, isTestPrefix, makeKeyText, readKeyText } from './key-text.js';

describe('the text of a key', () => {
  it('T16 is read back, and its secret is stored as a hash alone', () => {
    for (const isTest of [true, false]) {
      const { key, prefix, hash } = makeKeyText(isTest);
      const read = readKeyText(key);
      expect(read?.prefix).toBe(prefix);
      expect(isSecretOf(read?.secret ?? '', hash)).toBe(true);
      expect(isTestPrefix(prefix)).toBe(isTest);
      expect(hash).not.toContain(read?.secret);
    }
  });

  it('T16 is refused with any one character changed', () => {
    const { key } = makeKeyText(false);
    fc.assert(
      fc.property(fc.nat(key.length - 1), fc.constantFrom('0', '7', 'a', 'f', 'g', '_', 'A', ' '), (at, sign) => {
        const other = key.slice(0, at) + sign + key.slice(at + 1);
        return other === key || readKeyText(other) === null;
      }),
    );
  });

  it('T16 is compared with the hash of exactly this secret', () => {
    const one = makeKeyText(false);
    expect(isSecretOf(readKeyText(makeKeyText(false).key)?.secret ?? '', one.hash)).toBe(false);
    expect(isSecretOf('', one.hash)).toBe(false);
    expect(isSecretOf('x', '')).toBe(false);
  });
});
