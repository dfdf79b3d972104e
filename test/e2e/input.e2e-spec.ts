import { connect } from 'node:net';

import type { Answer, HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

interface Problem {
  readonly type: string;
  readonly status: number;
  readonly code: string;
  readonly instance: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

const BODY_LIMIT = 20_000;
const JSON_TYPE = { 'content-type': 'application/json' };

let test: TestApp;
let admin: HttpClient;

beforeAll(async () => {
  test = await createTestApp({ env: { BODY_LIMIT_BYTES: String(BODY_LIMIT), CORS_ORIGINS: 'https://panel.example' } });
  admin = await test.as('ADMIN');
});

afterAll(() => test.close());

const count = async (): Promise<number> =>
  Number((await test.query<{ count: string }>('SELECT count(*) FROM message'))[0]?.count);

const post = (rawBody: string, headers: Record<string, string> = JSON_TYPE): Promise<Answer<Problem>> =>
  admin.call<Problem>('/v1/messages', { method: 'POST', rawBody, headers });

/** Sends bytes as they are, past the manners of fetch, and reads the answer until the server closes. */
const raw = (lines: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(test.url);
    const socket = connect(Number(port), hostname, () => socket.write(lines));
    let text = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer but: ${text}`)));
    socket.on('data', (data) => (text += data.toString()));
    socket.once('error', reject);
    socket.once('close', () => {
      resolve(text);
    });
  });

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

describe('input', () => {
  it('I1 names every unknown field of a body, every bad one, and stores nothing', async () => {
    const before = await count();
    const answer = await admin.post<Problem>('/v1/messages', { to: 7, text: '', admin: true, status: 'SENT' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    const pointers = answer.body.errors?.map(({ pointer }) => pointer) ?? [];
    expect(new Set(pointers)).toEqual(new Set(['#/to', '#/text', '#/admin', '#/status']));
    expect(await count()).toBe(before);
  });

  it.each([
    '/v1/messages?sesionId=default',
    '/v1/users?admin=1',
    '/v1/audit/verify?x=1',
    '/v1/auth/me?x=1',
    '/health/live?x=1',
    '/metrics?__proto__=1',
    '/whatsapp/status?constructor=1',
  ])('I1 refuses the unknown query parameter of %s', async (path) => {
    const answer = await admin.get<Problem>(path);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(answer.body.errors?.[0]?.pointer).toMatch(/^\?/);
  });

  it('I1 refuses a body where none is read', async () => {
    expect(await admin.post('/whatsapp/disconnect', { now: true })).toMatchObject({ status: 400 });
    expect(await admin.post('/v1/auth/logout-everywhere', ['x'])).toMatchObject({ status: 400 });
  });

  it.each([
    '{"to":"+12025550110","text":"hi","__proto__":{"polluted":true}}',
    '{"to":"+12025550110","text":"hi","constructor":{"prototype":{"polluted":true}}}',
    '{"to":"+12025550110","text":"hi","toString":"x"}',
    '{"to":"+12025550110","text":"hi","\\u005f_proto__":{"polluted":true}}',
  ])('I2 refuses %s', async (body) => {
    expect((await post(body)).status).toBe(400);
    expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([33, 65, 3000, 9000])('I3 refuses a body %i levels deep', async (depth) => {
    const answer = await post(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed-body' } });
  });

  it('I3 refuses a body 200,000 levels deep with little memory', async () => {
    const roomy = await createTestApp({ env: { BODY_LIMIT_BYTES: '2000000' }, database: test.database, admin: false });
    const before = process.memoryUsage().rss;
    const answer = await roomy.client
      .with({ authorization: (await test.person('ADMIN')).accessToken })
      .call<Problem>('/v1/messages', { method: 'POST', rawBody: '{"a":'.repeat(200_000) });
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed-body' } });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    await roomy.close();
  });

  it.each(['', '{', 'null', '[]', '"text"', '7', '{"to":"+12025550110","text":"hi"}x', '{"to":1e400,"text":"hi"}'])(
    'I4 refuses the body %j',
    async (body) => {
      expect((await post(body)).status).toBe(400);
    },
  );

  it.each(['a\\u0000b', '\\ud800', '\\udc00\\ud800'])('I7 refuses text that cannot be kept: %s', async (text) => {
    expect((await post(`{"to":"+12025550110","text":"${text}"}`)).status).toBe(400);
  });

  it('I5 takes a body up to the limit and refuses one byte more', async () => {
    const frame = '{"to":"+12025550110","text":"","x":""}';
    const fill = (bytes: number): string => frame.replace('"x":""', `"x":"${'x'.repeat(bytes - frame.length)}"`);
    expect((await post(fill(BODY_LIMIT))).body).toMatchObject({ code: 'invalid-request' });
    expect(await post(fill(BODY_LIMIT + 1))).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });

  it.each([
    [{ 'content-type': 'text/plain' }],
    [{ 'content-type': 'application/xml' }],
    [{ 'content-type': 'application/x-www-form-urlencoded' }],
    [{ 'content-type': 'multipart/form-data; boundary=x' }],
    [{ 'content-type': 'application/json, text/plain' }],
  ])('I5 refuses a body of %j', async (headers) => {
    expect(await post('{"to":"+12025550110","text":"hi"}', headers)).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    });
  });

  it.each(['gzip', 'br', 'br,gzip,gzip', 'x-unknown'])('I5 reads no body that is encoded as %s', async (encoding) => {
    expect(
      await post('{"to":"+12025550110","text":"hi"}', { ...JSON_TYPE, 'content-encoding': encoding }),
    ).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    });
  });

  it('I7 refuses a body that is not UTF-8, and stores no likeness of it', async () => {
    const before = await count();
    const { accessToken } = await test.person('ADMIN');
    const answer = await fetch(`${test.url}/v1/messages`, {
      method: 'POST',
      headers: { ...JSON_TYPE, authorization: `Bearer ${accessToken}` },
      body: Buffer.from('{"to":"+12025550110","text":"caf\u00e9"}', 'latin1'),
    });
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'malformed-body' })]);
    expect(await count()).toBe(before);
  });

  it('I5 drops a body that is chunked without end, and stays alive', async () => {
    const { accessToken } = await test.person('ADMIN');
    const chunk = `3e8\r\n${'x'.repeat(1000)}\r\n`;
    const head = `POST /v1/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer ${accessToken}\r\n`;
    const answer = await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(40)}`);
    expect(statusOf(answer)).toBe(413);
    expect((await test.client.get('/health/live')).status).toBe(200);
  });

  it.each([
    ['an object', { $gt: '' }],
    ['a list', ['+12025550110']],
    ['a number', 12_025_550_110],
    ['a truth value', true],
    ['null', null],
  ])('A9 refuses %s where a text belongs', async (_what, value) => {
    for (const field of ['to', 'text', 'sessionId', 'type', 'onUncertain']) {
      const body = { to: '+12025550110', text: 'hi', [field]: value };
      expect({ field, ...(await admin.post('/v1/messages', body)) }).toMatchObject({ field, status: 400 });
    }
    for (const field of ['email', 'password']) {
      const body = { email: 'a@example.org', password: 'a plain long passphrase', [field]: value };
      expect((await test.client.post('/v1/auth/login', body)).status).toBe(400);
    }
  });

  it.each([
    '/v1/messages?since=2026-W01',
    '/v1/messages?until=2026-01-01T00:00:00',
    '/v1/messages?cursor=%00',
    '/v1/audit?actorId=%00',
    '/v1/audit?action=a%00b&outcome=x',
    '/v1/audit?target=%00',
    '/v1/users?cursor=%00',
    '/v1/notifications?cursor=%00',
  ])('I15 refuses %s, and has no fault of its own', async (path) => {
    expect(await admin.get<Problem>(path)).toMatchObject({ status: 400 });
  });

  it('I1 names a field by a JSON pointer, whatever its name is', async () => {
    const { body } = await post('{"to":1,"text":"hi","a/b~c":1}');
    const pointers = body.errors?.map(({ pointer }) => pointer);
    expect(new Set(pointers)).toEqual(new Set(['#/to', '#/a~1b~0c']));
  });

  it.each([
    '?sessionId=a&sessionId=b',
    '?limit=1&limit=2',
    '?sessionId[]=a',
    '?sessionId[$gt]=',
    '?limit=-1',
    '?limit=1e9',
    '?limit=0x10',
    '?limit=1e2',
  ])('A5 A9 refuses the query %s', async (query) => {
    expect((await admin.get(`/v1/messages${query}`)).status).toBe(400);
  });
});

describe('paths', () => {
  it.each([
    ['//v1/users', 404],
    ['/v1//users', 404],
    ['/v1/./users', 401],
    ['/v1/%2e/users', 404],
    ['/v1/%2e%2e/v1/users', 404],
    ['/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/v1/users/', 404],
    ['/v1/users.', 404],
    ['/V1/USERS', 404],
    ['/v1/users;x=1', 404],
    ['/v1/users%00', 404],
    ['/v1/%75sers', 401],
    [`/v1/messages/${'a'.repeat(300)}`, 404],
    ['/v1/messages/%ff', 404],
  ])('A10 %s is never wider than the plain route', async (path, status) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    // What a client may write otherwise for the same route meets the same guard; everything else is no route.
    expect([status, 401, 404]).toContain(statusOf(answer));
    expect(answer).not.toMatch(/"data"/);
    expect(answer).toContain('application/problem+json');
  });

  it.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'PROPFIND', 'X'])('A10 %s opens nothing', async (method) => {
    const answer = await raw(`${method} /v1/users HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect([400, 401, 404, 405, 501]).toContain(statusOf(answer));
  });

  it('A10 listens to no override of the method', async () => {
    const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' };
    const answer = await admin.call('/v1/users', { headers });
    expect(answer.status).toBe(200);
  });
});

describe('browsers of other origins', () => {
  const preflight = (origin: string, method: string): Promise<Response> =>
    fetch(`${test.url}/v1/users/usr_1`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'authorization' },
    });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('X4 may %s from a listed origin', async (method) => {
    const { headers } = await preflight('https://panel.example', method);
    expect(headers.get('access-control-allow-origin')).toBe('https://panel.example');
    expect(headers.get('access-control-allow-methods')?.split(/, ?/)).toContain(method);
  });

  it.each(['null', 'https://a.panel.example', 'https://panel.example.evil.example'])(
    'X4 may nothing from %s',
    async (origin) => {
      expect((await preflight(origin, 'GET')).headers.get('access-control-allow-origin')).toBeNull();
    },
  );
});
