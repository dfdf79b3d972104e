import type { Answer, HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const ANN = { email: 'ann@example.org', name: 'Ann', role: 'VIEWER' };

describe('Idempotency-Key (e2e)', () => {
  let app: TestApp;
  let admin: HttpClient;

  const create = (key: string, body: object = ANN, client = admin): Promise<Answer<{ id: string; code?: string }>> =>
    client.post('/v1/users', body, { 'idempotency-key': key });

  beforeAll(async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
  });

  afterEach(async () => {
    await app.query("DELETE FROM app_user WHERE role = 'VIEWER'");
    await app.query('DELETE FROM idempotency_key');
  });

  afterAll(() => app.close());

  it('gives the same answer again, the password that is shown once included, and does it once', async () => {
    const first = await create('key-1');
    expect(first.status).toBe(201);
    expect(first.headers.has('idempotency-replayed')).toBe(false);
    for (const key of ['key-1', '"key-1"', ' key-1 ']) {
      const again = await create(key, { role: 'VIEWER', name: 'Ann', email: 'ann@example.org' });
      expect(again.status).toBe(201);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.text).toBe(first.text);
    }
    const { password } = first.body as unknown as { password: string };
    const rows = await app.query('SELECT * FROM idempotency_key');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(password);
    expect(JSON.stringify(rows)).not.toContain('ann@example.org');
  });

  it('refuses the key with another body', async () => {
    await create('key-1');
    const other = await create('key-1', { ...ANN, name: 'Anna' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('100 at once make one person', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => create('key-1')));
    const bodies = new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text));
    expect(bodies.size).toBe(1);
    for (const { status, headers } of answers.filter((answer) => answer.status !== 201)) {
      expect(status).toBe(409);
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(await app.query("SELECT 1 FROM app_user WHERE email = 'ann@example.org'")).toHaveLength(1);
  });

  it('belongs to one person: the same key of another is another one', async () => {
    const second = (await app.addPerson('ADMIN')).client;
    expect((await create('key-1')).status).toBe(201);
    expect((await create('key-1', { ...ANN, email: 'bob@example.org' }, second)).status).toBe(201);
  });

  it('keeps no failure: the key is free for the next try', async () => {
    expect((await create('key-1', { ...ANN, email: 'nobody' })).status).toBe(400);
    expect((await create('key-1')).status).toBe(201);
    expect((await create('key-2')).status).toBe(409);
    await app.query("DELETE FROM app_user WHERE role = 'VIEWER'");
    const retried = await create('key-2');
    expect(retried.status).toBe(201);
    expect(retried.headers.has('idempotency-replayed')).toBe(false);
  });

  it('a first request that died blocks its key for a minute, not for ever', async () => {
    await create('key-1');
    await app.query('UPDATE idempotency_key SET status = NULL, body = NULL');
    await app.query("DELETE FROM app_user WHERE role = 'VIEWER'");
    expect(await create('key-1')).toMatchObject({ status: 409, body: { code: 'idempotency-key-in-use' } });
    await app.query("UPDATE idempotency_key SET created_at = now() - interval '61 seconds'");
    expect((await create('key-1', { ...ANN, name: 'Anna' })).status).toBe(422);
    expect((await create('key-1')).status).toBe(201);
  });

  it('forgets after 72 hours', async () => {
    await create('key-1');
    await app.query("UPDATE idempotency_key SET created_at = now() - interval '72 hours 1 second'");
    expect((await create('key-1', { ...ANN, email: 'bob@example.org' })).status).toBe(201);
  });

  it.each(['', '""', '"open', 'x'.repeat(256), 'naïve', 'a"b"\u00a0'])('refuses %j as a key', async (key) => {
    expect(await create(key)).toMatchObject({ status: 400, body: { code: 'invalid-idempotency-key' } });
  });

  it('asks who it is first: a key gets a stranger no answer', async () => {
    await create('key-1');
    expect((await create('key-1', ANN, app.client)).status).toBe(401);
    expect((await create('key-1', ANN, await app.as('VIEWER'))).status).toBe(403);
  });
});
