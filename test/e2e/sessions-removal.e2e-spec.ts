import { readdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import pg from 'pg';

import { SessionRemovals } from '../../src/modules/sessions/index.js';
import { eventually, eventuallyPasses } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { hasRedisServer, RedisServer } from '../support/redis-server.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const SHOP = '/v1/sessions/shop';
const NUMBER = '+12025550110';
/** What stays: the trail of what was done, and the journal's word that the session is gone. */
const STAYS = ['audit_entry', 'event'];

let app: TestApp;
let admin: HttpClient;
const query: Query = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  app.query<Row>(text, values);

const untilReady = async (id: string): Promise<void> => {
  await eventually(async () => {
    const { body } = await admin.get<{ ready: boolean }>(`/v1/sessions/${id}/status`);
    return body.ready;
  });
};

const openSession = async (id: string): Promise<void> => {
  expect((await admin.post('/v1/sessions', { id, name: id, engine: 'sandbox' })).status).toBe(201);
  expect((await admin.post(`/v1/sessions/${id}/start`)).status).toBe(202);
  await eventually(async () => (await admin.get(`/v1/sessions/${id}/qr`)).status === 200);
  expect((await admin.post(`/v1/sandbox/${id}/scan`)).status).toBe(200);
  await untilReady(id);
};

/** Tables and how many of their rows name the session, wherever in the row. */
const rowsOf = async (id: string): Promise<Readonly<Record<string, number>>> => {
  const tables = await query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const found: Record<string, number> = {};
  for (const { name } of tables.filter((table) => !STAYS.includes(table.name))) {
    const [row] = await query<{ n: number }>(
      `SELECT count(*)::int AS n FROM "${name}" AS t WHERE to_jsonb(t)::text ~ $1`,
      [`"${id}"|shop-canary`],
    );
    if (row && row.n > 0) found[name] = row.n;
  }
  return found;
};

const filesOf = async (): Promise<readonly string[]> =>
  (await readdir(app.dataDir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /media|wwebjs/.test(entry.parentPath))
    .map(({ name }) => name);

/** A bit of everything that a session can have. */
const live = async (): Promise<void> => {
  await openSession('shop');
  await app.addPerson('OPERATOR', ['shop']);
  await admin.post('/v1/api-keys', { name: 'A key', scopes: ['messages:read'], sessionIds: ['shop'] });
  for (let i = 0; i < 30; i += 1) {
    const to = `+12025561${String(100 + i)}`;
    const sent = await admin.post('/v1/messages', { sessionId: 'shop', to, text: `shop-canary ${String(i)}` });
    expect(sent.status).toBe(202);
  }
  const image = { data: Buffer.from('a shop-canary in a file').toString('base64') };
  const document = { sessionId: 'shop', to: NUMBER, type: 'document', document: { ...image, fileName: 'a.txt' } };
  expect((await admin.post('/v1/messages', document)).status).toBe(202);
  await admin.post('/v1/opt-outs', { phone: '+12025550199', sessionId: 'shop' });
  await admin.post('/v1/templates', { name: 'hello', language: 'en', body: 'Hello shop-canary', sessionId: 'shop' });
  await admin.post('/v1/sandbox/shop/receive', { from: NUMBER, text: 'shop-canary comes in' });
  await query(`INSERT INTO incident (id, session_id, kind) VALUES ('inc_1', 'shop', 'qr-needed')`);
  await eventually(
    async () => (await query(`SELECT 1 FROM message WHERE session_id = 'shop' AND status = 'READ'`)).length > 20,
  );
};

const expectNothingLeft = async (): Promise<void> => {
  expect(await rowsOf('shop')).toEqual({});
  expect(await filesOf()).toEqual([]);
  const events = await query<{ name: string }>(`SELECT name FROM event WHERE session_id = 'shop'`);
  expect(events.map(({ name }) => name)).toEqual(['whatsapp.session_deleted']);
  expect(await query(`SELECT 1 FROM event WHERE payload::text LIKE '%shop-canary%'`)).toEqual([]);
  // Timelines and tries hang on messages, and are of nobody without them.
  for (const table of ['message_timeline', 'message_attempt', 'message_reaction']) {
    const orphans = `SELECT 1 FROM ${table} WHERE message_id NOT IN (SELECT id FROM message)`;
    expect(await query(orphans)).toEqual([]);
  }
  expect(await findViolations(query, { isSettled: false })).toEqual([]);
};

describe('a session that is deleted', () => {
  const cleanUps: (() => Promise<void>)[] = [];

  afterEach(async () => {
    await app.close();
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  });

  it('Q8 leaves no row and no file, and the trail of it stays', async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
    await openSession('other');
    await live();
    expect(await filesOf()).not.toEqual([]);
    const before = await rowsOf('shop');
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['message', 'session', 'api_key', 'incident']));

    expect((await admin.delete(SHOP)).status).toBe(204);
    await expectNothingLeft();
    expect((await admin.get(SHOP)).status).toBe(404);
    const trail = (await admin.get<{ data: readonly { action: string }[] }>('/v1/audit?action=sessions.delete')).body;
    expect(trail.data).toMatchObject([{ action: 'sessions.delete', target: 'shop' }]);
    const whole = await admin.get<{ valid: boolean }>('/v1/audit/verify');
    expect(whole.body.valid).toBe(true);

    // Nobody else has lost anything.
    await untilReady('other');
    expect((await admin.post('/v1/messages', { sessionId: 'other', to: NUMBER, text: 'still' })).status).toBe(202);
  }, 60_000);

  it('Q8 takes what is on its way along, and what is sent meanwhile is refused', async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
    await openSession('shop');
    await admin.post('/v1/sandbox/shop/behaviour', { sendDelayMs: 200 });
    const send = (): Promise<number> =>
      admin.post('/v1/messages', { sessionId: 'shop', to: NUMBER, text: 'shop-canary' }).then(({ status }) => status);
    for (let i = 0; i < 20; i += 1) await send();
    const deleting = admin.delete(SHOP);
    const codes = new Set<number>();
    for (let isOver = false; !isOver;) {
      codes.add(await send());
      isOver = await Promise.race([deleting.then(() => true), sleep(5).then(() => false)]);
    }
    expect((await deleting).status).toBe(204);
    expect(await send()).toBe(404);
    expect([...codes].filter((code) => ![202, 404, 503].includes(code))).toEqual([]);
    await expectNothingLeft();
  });

  it('Q8 leaves no step of a message that somebody was writing to', async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
    await openSession('shop');
    const { body } = await admin.post<{ id: string }>('/v1/messages', { sessionId: 'shop', to: NUMBER, text: 'Hello' });
    await eventually(async () => (await query(`SELECT 1 FROM message WHERE status = 'READ'`)).length === 1);
    const writer = new pg.Client({ connectionString: app.database.ownerUrl });
    await writer.connect();
    try {
      await writer.query('BEGIN');
      const { rows } = await writer.query<{ xid: string }>(
        'SELECT pg_current_xact_id()::text AS xid FROM message WHERE id = $1 FOR UPDATE',
        [body.id],
      );
      const deleting = admin.delete(SHOP);
      const blocked = 'SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid::text = $1';
      await eventually(async () => (await query(blocked, [rows[0]?.xid])).length === 1);
      await writer.query(`INSERT INTO message_timeline (message_id, status) VALUES ($1, 'PLAYED')`, [body.id]);
      await writer.query('COMMIT');
      expect((await deleting).status).toBe(204);
    } finally {
      await writer.end();
    }
    await expectNothingLeft();
  });

  it('is gone for everybody while it is removed, and its id is free afterwards for one without a past', async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
    await openSession('shop');
    const { client } = await app.addPerson('OPERATOR', ['shop']);
    expect((await client.get(SHOP)).status).toBe(200);
    const deleting = admin.delete(SHOP);
    await eventually(async () => (await admin.get(SHOP)).status === 404);
    expect((await admin.get('/v1/sessions')).text).not.toContain('shop');
    expect((await admin.delete(SHOP)).status).toBe(404);
    expect((await admin.post(`${SHOP}/start`)).status).toBe(404);
    const again = { id: 'shop', name: 'New', engine: 'sandbox' };
    expect((await admin.post('/v1/sessions', again)).status).toBe(409);
    expect((await deleting).status).toBe(204);
    const created = await admin.post('/v1/sessions', again);
    expect(created).toMatchObject({ status: 201, body: { status: 'DISCONNECTED', phone: null } });
    // Who saw the old one was not granted the new one.
    expect((await client.get(SHOP)).status).toBe(404);
  });

  it('Q8 a removal that was interrupted goes on at the next start', async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
    await live();
    app.app.get(SessionRemovals).add(() => Promise.reject(new Error('the store is away')));
    expect((await admin.delete(SHOP)).status).toBe(204);
    expect((await admin.get(SHOP)).status).toBe(404);
    expect(await query(`SELECT 1 FROM message WHERE session_id = 'shop'`)).not.toEqual([]);
    const { database, dataDir, app: first } = app;
    cleanUps.push(
      () => database.drop(),
      () => rm(dataDir, { recursive: true, force: true }),
    );
    await first.close();
    app = await createTestApp({ database, dataDir });
    admin = await app.as('ADMIN');
    await eventuallyPasses(expectNothingLeft, 20_000);
  });

  it('the session `default` stays', async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
    const refused = await admin.delete('/v1/sessions/default');
    expect(refused).toMatchObject({ status: 409, body: { code: 'session-not-removable' } });
    expect((await admin.get('/v1/sessions/default')).status).toBe(200);
  });
});

const describeWithRedis = hasRedisServer() ? describe : describe.skip;

describeWithRedis('a session that is deleted, with Redis', () => {
  it('Q8 leaves no key', async () => {
    const server = await RedisServer.start();
    const redis = new Redis(server.url);
    app = await createTestApp({ env: { REDIS_URL: server.url } });
    admin = await app.as('ADMIN');
    try {
      await openSession('shop');
      await admin.post('/v1/messages', { sessionId: 'shop', to: NUMBER, text: 'shop-canary' });
      await admin.post(`${SHOP}/reconnect`);
      expect((await redis.keys('*shop*')).length).toBeGreaterThan(0);
      expect((await admin.delete(SHOP)).status).toBe(204);
      expect(await redis.keys('*shop*')).toEqual([]);
      const values = await Promise.all((await redis.keys('*')).map((key) => redis.get(key).catch(() => '')));
      expect(values.filter((value) => value?.includes('shop-canary'))).toEqual([]);
    } finally {
      await app.close();
      redis.disconnect();
      await server.kill();
    }
  });
});
