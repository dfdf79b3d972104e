import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

interface Made {
  readonly id: string;
  readonly key: string;
  readonly prefix: string;
}

describe('API keys (e2e)', () => {
  let app: TestApp;
  let admin: HttpClient;

  beforeAll(async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
    await admin.post('/v1/sessions', { id: 'second', name: 'Second', engine: 'sandbox' });
  });

  afterAll(() => app.close());

  const make = async (wish: object = {}): Promise<Made> => {
    const answer = await admin.post<Made>('/v1/api-keys', { name: 'a key', scopes: ['messages:read'], ...wish });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  };
  const by = (headers: Record<string, string>): HttpClient => app.client.with(headers);
  const listWith = async (headers: Record<string, string>): Promise<number> =>
    (await by(headers).get('/v1/messages')).status;

  it('S1.1 T16 is taken as Bearer, as ApiKey and as X-API-Key, and not in the body', async () => {
    const { key } = await make();
    expect(await listWith({ authorization: `Bearer ${key}` })).toBe(200);
    expect(await listWith({ authorization: `ApiKey ${key}` })).toBe(200);
    expect(await listWith({ 'x-api-key': key })).toBe(200);
    expect(await listWith({ 'x-api-key': key, authorization: `Bearer ${(await make()).key}` })).toBe(401);
    expect((await app.client.post('/v1/messages', { apiKey: key, to: '+12025550110', text: 'a' })).status).toBe(401);
  });

  it('T16 is stored as a hash, shown once, and found by what it begins with', async () => {
    const { id, key, prefix } = await make({ name: 'hashed' });
    expect(key.startsWith(`${prefix}_`)).toBe(true);
    const rows = JSON.stringify(await app.query('SELECT * FROM api_key'));
    expect(rows).not.toContain(key.split('_')[3]);
    const found = await admin.get<{ data: { id: string }[] }>(`/v1/api-keys?prefix=${prefix.slice(0, 14)}`);
    expect(found.body.data.map((one) => one.id)).toContain(id);
    expect(found.text + (await admin.get(`/v1/api-keys/${id}`)).text).not.toContain(key);
    expect(JSON.stringify(await app.query('SELECT detail FROM audit_entry'))).not.toContain(key.split('_')[3]);
  });

  it('T16 A1 S0.4 S0.5 does what its scopes say and nothing else, and is told what is missing', async () => {
    const { key } = await make();
    const client = by({ 'x-api-key': key });
    expect((await client.get('/v1/messages')).status).toBe(200);
    const refused = await client.post<{ required: string[] }>('/v1/messages', { to: '+12025550110', text: 'a' });
    expect([refused.status, refused.body.required]).toEqual([403, ['messages:send']]);
    for (const path of ['/v1/users', '/v1/api-keys', '/v1/audit', '/whatsapp/status']) {
      expect([path, (await client.get(path)).status]).toEqual([path, 403]);
    }
  });

  it('T16 A3 sees the sessions that it names; the others are not there', async () => {
    const { key, prefix } = await make({ scopes: ['sessions:read', 'messages:send'], sessionIds: ['second'] });
    expect(prefix).toMatch(/^wp_test_/);
    const client = by({ 'x-api-key': key });
    expect((await client.get<{ data: { id: string }[] }>('/v1/sessions')).body.data.map(({ id }) => id)).toEqual([
      'second',
    ]);
    expect((await client.get('/v1/sessions/default')).status).toBe(404);
    expect((await client.post('/v1/messages', { to: '+12025550110', text: 'a' })).status).toBe(404);
  });

  it('T16 is refused when it is revoked, expired, from elsewhere, or mistyped', async () => {
    const revoked = await make();
    expect(await listWith({ 'x-api-key': revoked.key })).toBe(200);
    expect((await admin.delete(`/v1/api-keys/${revoked.id}`)).status).toBe(204);
    expect(await listWith({ 'x-api-key': revoked.key })).toBe(401);
    expect((await admin.delete(`/v1/api-keys/${revoked.id}`)).status).toBe(404);

    const expiring = await make({ expiresAt: new Date(Date.now() + 1000) });
    expect(await listWith({ 'x-api-key': expiring.key })).toBe(200);
    await eventually(async () => (await listWith({ 'x-api-key': expiring.key })) === 401);

    expect(await listWith({ 'x-api-key': (await make({ addresses: ['192.0.2.0/24'] })).key })).toBe(401);
    expect(await listWith({ 'x-api-key': (await make({ addresses: ['127.0.0.0/8', '::1'] })).key })).toBe(200);
    const { key } = await make();
    expect(await listWith({ 'x-api-key': key.slice(0, -1) + (key.endsWith('0') ? '1' : '0') })).toBe(401);
  });

  it('T16 A8 is never wider than whoever makes it, and a key makes none', async () => {
    const { key } = await make({ scopes: ['api-keys:manage', 'messages:read'] });
    const made = await by({ 'x-api-key': key }).post<{ code: string }>('/v1/api-keys', {
      name: 'wider',
      scopes: ['users:manage'],
    });
    expect([made.status, made.body.code]).toEqual([403, 'api-key-too-wide']);
  });

  it('T16 A6 loses what its maker loses', async () => {
    const maker = await app.addPerson('ADMIN');
    const { body } = await maker.client.post<Made>('/v1/api-keys', {
      name: 'his',
      scopes: ['users:manage', 'messages:read'],
    });
    const client = by({ 'x-api-key': body.key });
    expect((await client.get('/v1/users')).status).toBe(200);
    await admin.patch(`/v1/users/${maker.id}`, { role: 'VIEWER', sessionIds: ['second'] });
    await eventually(async () => (await client.get('/v1/users')).status === 403, 5000);
    expect((await client.get('/v1/messages')).status).toBe(200);
    await admin.delete(`/v1/users/${maker.id}`);
    await eventually(async () => (await client.get('/v1/messages')).status === 401, 5000);
  });

  it.each([
    [{ scopes: [] }],
    [{ scopes: ['everything'] }],
    [{ scopes: null }],
    [{ scopes: 'messages:read' }],
    [{ sessionIds: [] }],
    [{ addresses: ['localhost'] }],
    [{ expiresAt: '2020-01-01T00:00:00Z' }],
    [{ dailyQuota: 0 }],
    [{ makerId: 'usr_1' }],
  ])('A6 A7 refuses %j', async (wish) => {
    expect((await admin.post('/v1/api-keys', { name: 'bad', scopes: ['messages:read'], ...wish })).status).toBe(400);
  });
});
