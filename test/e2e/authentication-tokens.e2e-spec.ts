import { createHmac, generateKeyPairSync, randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Secrets } from '../../src/platform/crypto/secrets.js';
import { createTestApp, type Person, type TestApp } from '../support/test-app.js';

type Json = Readonly<Record<string, unknown>>;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const hs256 = (input: string, key: string | Buffer): string =>
  createHmac('sha256', key).update(input).digest('base64url');

const tokenOf = (header: Json, payload: Json, key: string | Buffer): string => {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${hs256(input, key)}`;
};

const partsOf = (token: string): { header: Json; payload: Json } => {
  const [header = '', payload = ''] = token.split('.');
  const decode = (part: string): Json => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json;
  return { header: decode(header), payload: decode(payload) };
};

describe('access tokens (e2e)', () => {
  let app: TestApp;
  let person: Person;
  let key: string;
  let header: Json;
  let payload: Json;

  const status = async (token: string): Promise<number> =>
    (await app.client.withToken(token).get('/v1/auth/me')).status;

  beforeAll(async () => {
    app = await createTestApp();
    person = await app.addPerson('VIEWER');
    key = app.app.get(Secrets).jwtSecret;
    ({ header, payload } = partsOf(person.accessToken));
  });

  afterAll(() => app.close());

  it('the forger of these tests makes good tokens: what is refused below is refused for its fault alone', async () => {
    expect(await status(tokenOf(header, payload, key))).toBe(200);
  });

  it.each(['none', 'None', 'NONE', 'nOnE', ''])('T1 refuses the algorithm %j', async (alg) => {
    const input = `${encode({ alg, typ: 'JWT' })}.${encode(payload)}`;
    expect(await status(`${input}.`)).toBe(401);
    expect(await status(input)).toBe(401);
    expect(await status(`${input}.${hs256(input, key)}`)).toBe(401);
  });

  it('T1 refuses an empty signature under the right header', async () => {
    expect(await status(`${encode(header)}.${encode(payload)}.`)).toBe(401);
  });

  it('T2 refuses HS256 signed with a public key, and tokens of other algorithms', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' });
    const ed = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' });
    expect(await status(tokenOf(header, payload, rsa))).toBe(401);
    expect(await status(tokenOf(header, payload, ed))).toBe(401);
    for (const alg of ['HS384', 'HS512', 'RS256', 'ES256', 'EdDSA']) {
      expect(await status(tokenOf({ alg, typ: 'JWT' }, payload, key))).toBe(401);
    }
  });

  describe('T3', () => {
    let trap: Server;
    let requests = 0;

    beforeAll(async () => {
      trap = createServer((_request, response) => {
        requests += 1;
        response.end('{"keys":[]}');
      });
      await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    });

    afterAll(() => {
      trap.close();
    });

    it('refuses kid, jku, x5u and jwk, and asks nobody for a key', async () => {
      const url = `http://127.0.0.1:${String((trap.address() as AddressInfo).port)}/keys`;
      const jwk = { kty: 'oct', k: Buffer.from('attacker').toString('base64url') };
      const extras: readonly Json[] = [
        { kid: '../../dev/null' },
        { kid: "x' UNION SELECT 'attacker" },
        { kid: 'unknown' },
        { jku: url },
        { x5u: url },
        { x5c: ['MIIB'] },
        { jwk },
        { crit: ['exp'] },
      ];
      for (const extra of extras) {
        for (const signer of [key, 'attacker', '']) {
          expect(await status(tokenOf({ ...header, ...extra }, payload, signer))).toBe(401);
        }
      }
      expect(requests).toBe(0);
    });
  });

  it('T4 refuses what is expired, early, of another issuer or audience, or says nonsense', async () => {
    const now = Math.floor(Date.now() / 1000);
    const without = (name: string): Json =>
      Object.fromEntries(Object.entries(payload).filter(([key_]) => key_ !== name));
    const faults: Record<string, Json> = {
      'exp -1 s': { ...payload, iat: now - 100, exp: now - 1 },
      'nbf +60 s': { ...payload, nbf: now + 60 },
      'nbf text': { ...payload, nbf: 'soon' },
      'wrong aud': { ...payload, aud: 'somebody-else' },
      'aud list': { ...payload, aud: ['waypost-api', 'somebody-else'] },
      'no aud': without('aud'),
      'wrong iss': { ...payload, iss: 'somebody-else' },
      'no iss': without('iss'),
      'no exp': without('exp'),
      'exp text': { ...payload, exp: String(now + 600) },
      'exp null': { ...payload, exp: null },
      'exp 1e12': { ...payload, exp: 1e12 },
      'exp 1e400': { ...payload, exp: Number.MAX_VALUE },
      'exp fraction': { ...payload, exp: now + 600.5 },
      'exp a day': { ...payload, exp: now + 86_400 },
      'iat in future': { ...payload, iat: now + 60, exp: now + 600 },
      'no iat': without('iat'),
      'other user': { ...payload, sub: 'usr_00000000000000000000000000' },
      'no sub': without('sub'),
      'no sign-in': without('sid'),
      'unknown sign-in': { ...payload, sid: 'log_00000000000000000000000000' },
      'sign-in list': { ...payload, sid: [payload['sid']] },
      'older version': { ...payload, ver: Number(payload['ver']) - 1 },
      'version text': { ...payload, ver: String(payload['ver']) },
    };
    const outcomes = await Promise.all(
      Object.entries(faults).map(async ([name, claims]) => [name, await status(tokenOf(header, claims, key))]),
    );
    expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(Object.keys(faults).map((name) => [name, 401])));
  });

  it('T5 takes no refresh token for an access token, nor the reverse, nor an API key', async () => {
    const signIn = await app.client.post<{ refreshToken: string; accessToken: string }>('/v1/auth/login', {
      email: person.email,
      password: person.password,
    });
    expect(await status(signIn.body.refreshToken)).toBe(401);
    expect(await status('wp_live_01kadx00_AAAAAAAAAAAAAAAAAAAAAAAA_12345678')).toBe(401);
    const refresh = await app.client.post('/v1/auth/refresh', { refreshToken: signIn.body.accessToken });
    expect(refresh.status).toBe(401);
    const basic = await app.client.get('/v1/auth/me', { authorization: `Basic ${signIn.body.accessToken}` });
    expect(basic.status).toBe(401);
  });

  it('T6 refuses 200 tokens with one flipped bit each, at the pace of a good one', async () => {
    const token = person.accessToken;
    const usable = /^[A-Za-z0-9._~+/=-]$/;
    const [good, bad]: [number[], number[]] = [[], []];
    const timed = async (given: string, durations: number[]): Promise<number> => {
      const start = performance.now();
      const code = await status(given);
      durations.push(performance.now() - start);
      return code;
    };
    for (let i = 0; i < 200;) {
      const at = randomInt(token.length);
      const flipped = String.fromCharCode(token.charCodeAt(at) ^ (1 << randomInt(7)));
      // A character that no HTTP client would send never arrives.
      if (!usable.test(flipped)) continue;
      i += 1;
      expect(await timed(token.slice(0, at) + flipped + token.slice(at + 1), bad)).toBe(401);
      expect(await timed(token, good)).toBe(200);
    }
    const median = (durations: number[]): number => durations.sort((x, y) => x - y)[100] ?? Infinity;
    // Side by side, because the machine of the tests is shared.
    expect(median(bad)).toBeLessThan(3 * median(good));
    expect(await status(token)).toBe(200);
  });

  it('T7 refuses a token of 64 KB, and one that is as long as we read, without much work', async () => {
    const long = `${encode(header)}.${'A'.repeat(64 * 1024)}.${'A'.repeat(43)}`;
    expect([401, 431]).toContain(await status(long));
    const before = process.cpuUsage();
    for (let i = 0; i < 50; i += 1) {
      expect(await status(`${encode(header)}.${'A'.repeat(7000)}.${'A'.repeat(43)}`)).toBe(401);
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 50 / 1000).toBeLessThan(50);
  });

  it('refuses whoever brings no token, two of them, or one with more behind it', async () => {
    expect((await app.client.get('/v1/auth/me')).status).toBe(401);
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      `Bearer ${person.accessToken} x`,
      `bearer${person.accessToken}`,
    ]) {
      expect((await app.client.get('/v1/auth/me', { authorization })).status).toBe(401);
    }
    const answer = await app.client.get<{ code: string }>('/v1/auth/me');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.body.code).toBe('not-authenticated');
  });
});
