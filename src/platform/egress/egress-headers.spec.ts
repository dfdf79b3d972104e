import { checkHeaders } from './egress-headers.js';

const REFUSED: readonly (readonly [string, string])[] = [
  ...['Host', 'content-length', 'Transfer-Encoding', 'Connection', 'Upgrade', 'TE', 'Expect', 'Accept-Encoding'].map(
    (name) => [name, '1'] as const,
  ),
  ...['Proxy-Authorization', 'X-Forwarded-For', 'Sec-Fetch-Site', 'Via'].map((name) => [name, '1'] as const),
  ...['', 'x y', 'x:y', 'x\r\ny', 'ｘ', 'x'.repeat(129)].map((name) => [name, '1'] as const),
  ...['a\r\nX-Evil: 1', 'a\nb', 'a\rb', 'a\0b', 'ä', '\u2028', 'a\u010ab'].map((value) => ['x-a', value] as const),
  ['x-a', 'a'.repeat(9000)],
];

describe(checkHeaders, () => {
  it.each(REFUSED)('S11 refuses %j: %j', (name, value) => {
    expect(() => checkHeaders({ [name]: value })).toThrow('The headers cannot be used.');
  });

  it('S11 refuses more than a few', () => {
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`x-${String(i)}`, '']));
    expect(() => checkHeaders(many)).toThrow('At most 32');
  });

  it('takes what is for the receiver alone, and says it in lower case', () => {
    const given = { Authorization: 'Bearer a', 'X-Shop-Id': '17', 'content-type': 'application/json' };
    expect(checkHeaders(given)).toEqual({
      authorization: 'Bearer a',
      'x-shop-id': '17',
      'content-type': 'application/json',
    });
  });
});
