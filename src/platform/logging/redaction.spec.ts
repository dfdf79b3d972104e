import fc from 'fast-check';

import { redactLine } from './redaction.js';

const line = (fields: object): string => JSON.stringify({ level: 'info', ...fields });
const redacted = (fields: object): Record<string, unknown> => JSON.parse(redactLine(line(fields))) as never;

describe(redactLine.name, () => {
  it.each([
    ['a JWT', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c3IifQ.c2lnbmF0dXJl back', 'got [jwt] back'],
    ['a Bearer token', 'Authorization: Bearer abc.def-123', 'Authorization: Bearer [redacted]'],
    ['an API key', 'key wp_live_01abc_SECRETsecret_9f', 'key wp_live_[redacted]'],
    ['a token in a URL', 'GET /console/setup#token=s3cr3t&x=1', 'GET /console/setup#token=[redacted]&x=1'],
    ['a verify token', '?hub.verify_token=s3cr3t', '?hub.verify_token=[redacted]'],
    ['the password of a URL', 'redis://:pa55@127.0.0.1:6379/0', 'redis://[redacted]@127.0.0.1:6379/0'],
    ['a URL without a password', 'http://127.0.0.1:3030/docs', 'http://127.0.0.1:3030/docs'],
    ['the text of a QR', 'qr 2@Xa9/zQ+abcdefghijklmnop,ab12=,cd34=,ef56= shown', 'qr [qr] shown'],
    ['a password hash', 'hash $argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', 'hash [password-hash]'],
    ['a number with its plus', 'sent to +5511987654399.', 'sent to 55*********99.'],
    ['an address', 'chat 5511987654399@c.us', 'chat 55*********99@c.us'],
    ['secrets on lines of their own', 'a\nBearer abc\neyJhbGciOi.eyJzdWIiO.c2ln', 'a\nBearer [redacted]\n[jwt]'],
    ['an id', 'msg_01kadx0000abcdefghjk', 'msg_01kadx0000abcdefghjk'],
  ])('reads %s', (_what, written, expected) => {
    expect(redacted({ msg: written })['msg']).toBe(expected);
  });

  it.each(['phone', 'to', 'from', 'recipient', 'chatId'])('masks a number in the member "%s"', (key) => {
    expect(redacted({ deep: { [key]: '+55 (11) 98765-4399' } })).toMatchObject({ deep: { [key]: '+55*********99' } });
    expect(redacted({ [key]: '5511987654399' })).toMatchObject({ [key]: '55*********99' });
  });

  it.each(['password', 'token', 'refreshToken', 'authorization', 'cookie', 'qr', 'text', 'set-cookie'])(
    'removes the value of the member "%s", wherever it is',
    (key) => {
      const text = redactLine(line({ a: [{ [key]: 'pl"an\\ted' }], [key]: 'planted' }));
      expect(text).not.toContain('planted');
      expect(text).not.toContain('pl\\"an');
      expect(JSON.parse(text)).toMatchObject({ [key]: '[redacted]' });
    },
  );

  it('leaves a line of JSON a line of JSON, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const safe = redactLine(JSON.stringify({ value, msg: text, qr: value, to: text }));
        JSON.parse(safe);
        expect(safe).not.toMatch(/[\n\r\u2028\u2029]/);
      }),
    );
  });

  it.each(['a', '1', '@', '://', '+1', 'eyJ', '=', '"', 'Bearer ', '1@', 'token='])(
    'needs no more than a moment for a megabyte of %p',
    (unit) => {
      const long = JSON.stringify({ msg: unit.repeat(1_000_000 / unit.length) });
      const started = performance.now();
      redactLine(long);
      expect(performance.now() - started).toBeLessThan(500);
    },
  );
});
