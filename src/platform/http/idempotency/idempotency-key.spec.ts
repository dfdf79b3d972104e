import { hashBody, parseIdempotencyKey } from './idempotency-key.js';
import { InvalidIdempotencyKeyError } from './idempotency.errors.js';

describe(parseIdempotencyKey.name, () => {
  it.each([
    [undefined, null],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"8e03978e"', '8e03978e'],
    ['"with \\"quotes\\" and \\\\"', 'with "quotes" and \\'],
    ['two words', 'two words'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
  ])('reads %j as %j', (header, key) => {
    expect(parseIdempotencyKey(header)).toBe(key);
  });

  it.each(['', '""', '"', '"open', '"a"b"', '"a\\b"', 'x'.repeat(256), 'näive', 'tab\there', 'nul\0', '🔑'])(
    'refuses %j',
    (header) => {
      expect(() => parseIdempotencyKey(header)).toThrow(InvalidIdempotencyKeyError);
    },
  );
});

describe(hashBody.name, () => {
  it('is the same for bodies that say the same, and another for others', () => {
    expect(hashBody({ a: 1, b: { c: [1, 2] } })).toBe(hashBody({ b: { c: [1, 2] }, a: 1 }));
    expect(hashBody({ a: 1, b: undefined })).toBe(hashBody({ a: 1 }));
    const hashes = [{ a: 1 }, { a: '1' }, { a: [1] }, { a: null }, {}, null, [], [{}]].map(hashBody);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
