import { AUDIENCE, ISSUER, readClaims } from './access-claims.js';

const NOW = 1_800_000_000;
const GOOD = { iss: ISSUER, aud: AUDIENCE, sub: 'usr_1', sid: 'log_1', ver: 0, iat: NOW, exp: NOW + 900 };

describe(readClaims.name, () => {
  it('reads what we write, until the second in which it expires', () => {
    expect(readClaims(GOOD, NOW)).toEqual(GOOD);
    expect(readClaims(GOOD, NOW + 899)).toEqual(GOOD);
    expect(readClaims(GOOD, NOW + 900)).toBeNull();
    expect(readClaims({ ...GOOD, extra: 'x' }, NOW)).toEqual(GOOD);
  });

  it('tolerates machines that differ by five seconds, not more', () => {
    expect(readClaims({ ...GOOD, iat: NOW + 5 }, NOW)).not.toBeNull();
    expect(readClaims({ ...GOOD, iat: NOW + 6 }, NOW)).toBeNull();
  });

  it.each([
    ['another issuer', { iss: 'x' }],
    ['another audience', { aud: 'x' }],
    ['a list of audiences', { aud: [AUDIENCE] }],
    ['no user', { sub: '' }],
    ['a number for the sign-in', { sid: 1 }],
    ['a text for the version', { ver: '0' }],
    ['no expiry', { exp: undefined }],
    ['an expiry as text', { exp: String(NOW + 900) }],
    ['an expiry that is no number', { exp: NaN }],
    ['an endless life', { exp: 1e12 }],
    ['two hours', { exp: NOW + 7200 }],
    ['an expiry before its issue', { iat: NOW + 4, exp: NOW + 3 }],
    ['not yet', { nbf: NOW + 60 }],
    ['a text for not-before', { nbf: 'x' }],
  ])('T4 refuses %s', (_name, change) => {
    expect(readClaims({ ...GOOD, ...change }, NOW)).toBeNull();
  });

  it.each([null, undefined, 'text', 1, [], [GOOD]])('T4 refuses %j for claims', (payload) => {
    expect(readClaims(payload, NOW)).toBeNull();
  });
});
