import { createHmac } from 'node:crypto';

import fc from 'fast-check';

import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import { findSigner, isSigned } from './signature.js';

const SECRET = 'secret-of-the-app';
const BODY = Buffer.from('{"text":"caf\\u00e9 \\ud83d\\ude00 a\\/b"}');

const hexOf = (body: Buffer | string, secret = SECRET, algorithm = 'sha256'): string =>
  createHmac(algorithm, secret).update(body).digest('hex');
const headerOf = (body: Buffer | string, secret = SECRET): string => `sha256=${hexOf(body, secret)}`;

describe(isSigned.name, () => {
  it('accepts what was signed with the secret', () => {
    expect(isSigned(BODY, headerOf(BODY), [SECRET])).toBe(true);
  });

  it('accepts any one of several secrets', () => {
    expect(isSigned(BODY, headerOf(BODY), ['first', SECRET, 'last'])).toBe(true);
    expect(isSigned(BODY, headerOf(BODY, 'last'), ['first', SECRET, 'last'])).toBe(true);
  });

  it.each([
    ['M1 no header', undefined],
    ['M1 an empty header', ''],
    ['M1 a signature of other bytes', headerOf('other')],
    ['M1 a truncated signature', headerOf(BODY).slice(0, -2)],
    ['M1 a signature that is too long', `${headerOf(BODY)}00`],
    ['M1 a SHA-1 signature', `sha1=${hexOf(BODY, SECRET, 'sha1')}`],
    ['M1 a SHA-1 signature under the name of SHA-256', `sha256=${hexOf(BODY, SECRET, 'sha1')}`],
    ['M1 upper-case digits', `sha256=${hexOf(BODY).toUpperCase()}`],
    ['M1 an upper-case algorithm', `SHA256=${hexOf(BODY)}`],
    ['M1 a header that came twice, joined', `${headerOf(BODY)}, ${headerOf(BODY)}`],
    ['M1 a header that came twice, as a list', [headerOf(BODY), headerOf(BODY)]],
    ['M1 a list of one', [headerOf(BODY)]],
    ['M1 digits alone', hexOf(BODY)],
    ['M1 white space around it', ` ${headerOf(BODY)}`],
    ['M1 a line break behind it', `${headerOf(BODY)}\n`],
    ['M1 digits that are none', `sha256=${'g'.repeat(64)}`],
    ['M3 a signature of another app', headerOf(BODY, 'secret-of-another-app')],
  ])('refuses %s', (_name, header) => {
    expect(isSigned(BODY, header, [SECRET])).toBe(false);
  });

  it('M1 refuses the same JSON in other bytes', () => {
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(BODY.toString())));
    expect(rewritten.equals(BODY)).toBe(false);
    expect(isSigned(rewritten, headerOf(BODY), [SECRET])).toBe(false);
  });

  it('refuses everything without a secret, and with an empty one', () => {
    expect(isSigned(BODY, headerOf(BODY), [])).toBe(false);
    expect(isSigned(BODY, headerOf(BODY, ''), [''])).toBe(false);
  });

  it('M2 takes whatever bytes there are, and not one bit of them changed', () => {
    const bodies = fc.uint8Array({ minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(bodies, fc.nat(), fc.string({ minLength: 1 }), (bytes, at, secret) => {
        const body = Buffer.from(bytes);
        const changed = Buffer.from(bytes);
        const index = at % bytes.length;
        changed[index] = (changed[index] ?? 0) ^ 1;
        expect(isSigned(body, headerOf(body, secret), [secret])).toBe(true);
        expect(isSigned(changed, headerOf(body, secret), [secret])).toBe(false);
      }),
    );
  });

  it('refuses any other header without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (header) => {
        expect(isSigned(BODY, header, [SECRET])).toBe(false);
      }),
    );
  });
});

describe(findSigner.name, () => {
  it('M3 tells which app has signed', () => {
    const apps = [
      { id: 'a', appSecret: 'secret-a' },
      { id: 'b', appSecret: 'secret-b' },
    ];
    expect(findSigner(BODY, headerOf(BODY, 'secret-b'), apps)?.id).toBe('b');
    expect(findSigner(BODY, headerOf(BODY, 'secret-c'), apps)).toBeNull();
  });
});

describeWithPayloads('samples of signatures', () => {
  interface Vector {
    readonly name: string;
    readonly app_secret: string;
    readonly raw_body_base64: string;
    readonly header_value: string;
  }

  it('are judged as they say, and by the signature alone', () => {
    const verdicts = samplesOf('signature').map(({ json }) => {
      const { name, app_secret, raw_body_base64, header_value } = json as Vector;
      return [name, isSigned(Buffer.from(raw_body_base64, 'base64'), header_value, [app_secret])];
    });
    expect(Object.fromEntries(verdicts)).toEqual({
      // Signed well; what they hold is refused when it is read.
      'empty-body': true,
      'not-json-valid-signature': true,
      'utf8-emoji': true,
      'pretty-printed': false,
      'too-long': false,
      truncated: false,
      'uppercase-hex': false,
      'wrong-secret': false,
    });
  });
});
