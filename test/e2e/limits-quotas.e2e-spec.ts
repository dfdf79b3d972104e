import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';

import { eventually } from '../support/eventually.js';
import type { Answer, HttpClient } from '../support/http-client.js';
import { findViolations } from '../support/invariants.js';
import { createLinkedApp, type LinkedApp } from '../support/linked-app.js';
import { hasRedisServer, RedisServer } from '../support/redis-server.js';
import { createTestApp, type TestApp, type TestAppOptions } from '../support/test-app.js';

const TO = '+12025550110';
const STOPPED = '+12025550119';

const makeKey = async (admin: HttpClient, dailyQuota: number): Promise<string> =>
  (await admin.post<{ key: string }>('/v1/api-keys', { name: 'quota', scopes: ['messages:send'], dailyQuota })).body
    .key;

const send = (client: HttpClient, to = TO, headers: Record<string, string> = {}): Promise<Answer> =>
  client.post('/v1/messages', { to, text: 'counted' }, headers);

const count = (answers: readonly Answer[], status: number): number =>
  answers.filter((answer) => answer.status === status).length;

/** What is wrong once nothing is under way any more. */
const settled = async ({ query }: LinkedApp): Promise<readonly string[]> => {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const violations = await findViolations(query);
    if (violations.length === 0 || performance.now() > deadline) return violations;
    await sleep(50);
  }
};

/** Another process on the same database. */
const another = ({ database }: TestApp, env: TestAppOptions['env'] = {}): Promise<TestApp> =>
  createTestApp({ env, database });

describe('quotas of a day (e2e)', () => {
  let linked: LinkedApp;

  beforeEach(async () => {
    linked = await createLinkedApp({ env: { DAILY_MESSAGES_PER_PERSON: '4' } });
  });

  afterEach(async () => {
    const violations = await settled(linked);
    await linked.app.close();
    expect(violations).toEqual([]);
  });

  it('a person, a key and a session each have their own, and an answer names those that apply', async () => {
    const { app, admin } = linked;
    const people = await Promise.all(Array.from({ length: 6 }, () => send(admin)));
    expect([count(people, 202), count(people, 429)]).toEqual([4, 2]);
    const refused = people.find(({ status }) => status === 429);
    expect(refused?.body).toMatchObject({ code: 'quota-exceeded', policy: 'person-day', quota: 4, remaining: 0 });
    const untilMidnight = Math.ceil((86_400_000 - (Date.now() % 86_400_000)) / 1000);
    expect(Math.abs(Number(refused?.headers.get('retry-after')) - untilMidnight)).toBeLessThanOrEqual(2);
    expect(refused?.headers.get('ratelimit')).toMatch(/"person-day";r=0;t=\d+$/);

    const changed = await admin.patch('/v1/sessions/default', { settings: { dailyQuota: 6 } });
    expect(changed.body).toMatchObject({ settings: { dailyQuota: 6 } });
    await sleep(2100);
    const program = app.client.with({ 'x-api-key': await makeKey(admin, 100) });
    const first = await send(program);
    expect(first.headers.get('ratelimit')).toMatch(/"key-day";r=99;t=\d+, "session-day";r=1;t=\d+$/);
    const rest = [await send(program), await send(program)];
    expect(rest.map(({ status }) => status)).toEqual([202, 429]);
    expect(rest[1]?.body).toMatchObject({ policy: 'session-day', quota: 6 });
    await admin.patch('/v1/sessions/default', { settings: { dailyQuota: null } });
    await sleep(2100);
    // What the session refused was not taken off the key.
    expect((await send(program)).headers.get('ratelimit')).toMatch(/"key-day";r=97;t=\d+$/);
  });

  it('what was not accepted is given back, and a request that comes again is answered', async () => {
    const { app, admin } = linked;
    const program = app.client.with({ 'x-api-key': await makeKey(admin, 2) });
    await admin.post('/v1/opt-outs', { phone: STOPPED });
    for (let i = 0; i < 3; i += 1) expect((await send(program, STOPPED)).body).toMatchObject({ status: 422 });
    const key = { 'idempotency-key': randomUUID() };
    const [first, again] = [await send(program, TO, key), await send(program, TO, key)];
    expect([first.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 202, 'true']);
    expect(again.body).toEqual(first.body);
    expect((await send(program)).status).toBe(202);
    expect((await send(program)).status).toBe(429);
    const later = await send(program, TO, key);
    expect([later.status, later.body]).toEqual([202, first.body]);
  });

  it('a bulk is taken as a whole, or not at all', async () => {
    const { app, admin } = linked;
    const program = app.client.with({ 'x-api-key': await makeKey(admin, 3) });
    const bulk = (many: number): Promise<Answer> =>
      program.post('/v1/messages/bulk', {
        text: 'counted',
        recipients: Array.from({ length: many }, (_, i) => ({ to: `+120255501${String(60 + i)}` })),
      });
    const tooMany = await bulk(4);
    expect([tooMany.status, tooMany.body]).toMatchObject([429, { code: 'quota-exceeded', remaining: 3 }]);
    expect((await bulk(3)).status).toBe(202);
    expect((await send(program)).status).toBe(429);
  });

  it('a new process goes on from what was accepted today', async () => {
    const { app, admin } = linked;
    const key = await makeKey(admin, 5);
    for (let i = 0; i < 3; i += 1) await send(app.client.with({ 'x-api-key': key }));
    const next = await another(app);
    try {
      const program = next.client.with({ 'x-api-key': key });
      const answers = await Promise.all(Array.from({ length: 4 }, () => send(program)));
      expect([count(answers, 202), count(answers, 429)]).toEqual([2, 2]);
    } finally {
      await next.close();
    }
  });
});

const describeWithRedis = hasRedisServer() ? describe : describe.skip;

describeWithRedis('quotas and limits of several processes (e2e)', () => {
  let redis: RedisServer;
  let direct: Redis;
  let linked: LinkedApp;
  let two: TestApp;

  beforeAll(async () => {
    redis = await RedisServer.start();
    direct = new Redis(redis.url);
    direct.on('error', () => undefined);
    const env = { REDIS_URL: redis.url, REQUESTS_PER_KEY: '20' };
    linked = await createLinkedApp({ env });
    two = await another(linked.app, env);
  });

  afterAll(async () => {
    direct.disconnect();
    const violations = await settled(linked);
    await two.close();
    await linked.app.close();
    await redis.kill();
    expect(violations).toEqual([]);
  });

  const programs = async (dailyQuota: number): Promise<readonly HttpClient[]> => {
    const key = await makeKey(linked.admin, dailyQuota);
    return [linked.app, two].map((app) => app.client.with({ 'x-api-key': key }));
  };
  const flood = (clients: readonly HttpClient[], many: number): Promise<readonly Answer[]> =>
    Promise.all(
      Array.from({ length: many }, (_, i) =>
        send(clients[i % clients.length] ?? linked.admin, `+12025561${String(100 + i)}`),
      ),
    );
  const stored = async (): Promise<number> =>
    (await linked.query<{ n: number }>("SELECT count(*)::int AS n FROM message WHERE actor_kind = 'api-key'"))[0]?.n ??
    0;

  it('R1 hold for both together: messages of a day, and requests of a minute', async () => {
    const clients = await programs(30);
    const answers = await flood(clients, 60);
    expect([count(answers, 202), count(answers, 429)]).toEqual([30, 30]);
    const reads = await Promise.all(
      Array.from({ length: 30 }, (_, i) => (clients[i % 2] ?? linked.admin).get('/v1/messages')),
    );
    expect([count(reads, 403), count(reads, 429)]).toEqual([20, 10]);
  });

  it('F9 form again when Redis is emptied under load: no message lost or sent twice, and no quota anew', async () => {
    const before = await stored();
    const clients = await programs(200);
    const answers: Answer[] = [];
    for (let i = 0; i < 12; i += 1) {
      answers.push(...(await flood(clients, 30)));
      await direct.flushall();
    }
    const accepted = count(answers, 202);
    expect(accepted + count(answers, 429)).toBe(360);
    // Each time, what one process has not heard of from the other yet may be granted again: one round trip.
    expect(accepted).toBeGreaterThanOrEqual(200);
    expect(accepted).toBeLessThanOrEqual(200 + 60);
    expect((await stored()) - before).toBe(accepted);
    expect(count(await flood(clients, 10), 202)).toBe(0);
    await eventually(
      async () => (await linked.query("SELECT 1 FROM message WHERE status IN ('QUEUED', 'SENDING')")).length === 0,
      30_000,
    );
  }, 60_000);

  it('R4 hold without Redis, at most once for each process, and for both together when it is back', async () => {
    const clients = await programs(20);
    expect(count(await flood(clients, 10), 202)).toBe(10);
    await redis.kill();
    const alone = count(await flood(clients, 60), 202);
    expect(alone).toBeGreaterThanOrEqual(10);
    // Both have counted the ten that were stored before.
    expect(alone).toBeLessThanOrEqual(20);
    await redis.restart();
    await sleep(2500);
    expect(count(await flood(clients, 10), 202)).toBe(0);
  }, 60_000);
});
