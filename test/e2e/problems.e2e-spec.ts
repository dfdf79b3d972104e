import { randomUUID } from 'node:crypto';

import type { HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let test: TestApp;
let admin: HttpClient;

beforeAll(async () => {
  test = await createTestApp({ env: { CORS_ORIGINS: 'https://console.example.org' } });
  admin = await test.as('ADMIN');
});

afterAll(() => test.close());

const SOME_OF_EACH: readonly (readonly [string, number, (client: HttpClient) => ReturnType<HttpClient['call']>])[] = [
  ['an answer', 200, (client) => client.get('/v1/users')],
  ['an unknown path', 404, (client) => client.get('/nope')],
  ['an unknown method', 404, (client) => client.call('/v1/users', { method: 'PUT' })],
  ['a bad body', 400, (client) => client.call('/v1/users', { method: 'POST', rawBody: '{' })],
  ['a bad field', 400, (client) => client.post('/v1/users', {})],
  [
    'another type of body',
    415,
    (client) => client.call('/v1/users', { method: 'POST', rawBody: 'x', headers: { 'content-type': 'text/csv' } }),
  ],
  ['a missing thing', 404, (client) => client.get('/v1/users/usr_nobody')],
  ['a stranger', 401, (client) => client.with({ authorization: 'Bearer x' }).get('/v1/users')],
];

describe('every answer', () => {
  it.each(SOME_OF_EACH)('X2 X7 carries the security headers: %s', async (_what, status, ask) => {
    const answer = await ask(admin);
    expect(answer.status).toBe(status);
    const { headers } = answer;
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none';object-src 'none';base-uri 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(SOME_OF_EACH.slice(1))(
    'L5 is a problem document without a stack or a path: %s',
    async (_what, status, ask) => {
      const answer = await ask(admin);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const id = answer.headers.get('x-request-id') ?? '';
      expect(answer.body).toMatchObject({
        status,
        instance: `urn:uuid:${id}`,
        type: expect.stringMatching(/^\/errors#/),
      });
      expect(answer.text).not.toMatch(/node_modules|\bat \w|\.[tj]s:|prisma|SELECT/i);
    },
  );

  it('takes over the id of a request when it is a UUID, and no other', async () => {
    const given = randomUUID();
    const echo = async (id: string): Promise<string | null> =>
      (await test.client.get('/health/live', { 'x-request-id': id })).headers.get('x-request-id');
    expect(await echo(given)).toBe(given);
    for (const other of ['1', `${given}x`, 'a b', '../../x', '<script>']) expect(await echo(other)).not.toBe(other);
  });

  it('X4 lets a page of another origin read nothing, and one of a listed origin what it needs', async () => {
    const origins = [
      'null',
      'https://evil.example',
      'https://console.example.org.evil.example',
      'http://console.example.org',
    ];
    for (const origin of origins) {
      const { headers } = await admin.get('/v1/users', { origin });
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
    const { headers } = await admin.get('/v1/users', { origin: 'https://console.example.org' });
    expect(headers.get('access-control-allow-origin')).toBe('https://console.example.org');
    expect(headers.get('access-control-expose-headers')).toContain('X-Request-Id');
  });
});

describe('a credential in a URL', () => {
  it.each(['access_token', 'token', 'api_key', 'apikey', 'authorization'])(
    'L2 proves nothing as ?%s=',
    async (name) => {
      const { accessToken } = await test.person('ADMIN');
      for (const path of ['/v1/auth/me', '/v1/users', '/metrics']) {
        expect((await test.client.get(`${path}?${name}=${accessToken}`)).status).toBe(401);
      }
    },
  );
});
