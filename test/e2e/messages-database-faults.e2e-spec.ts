import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { eventually, eventuallyPasses } from '../support/eventually.js';
import type { Answer, HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createLinkedApp, untilStatus } from '../support/linked-app.js';
import { createLossyProxy, type LossyProxy } from '../support/lossy-proxy.js';
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import type { TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

interface Accepted {
  readonly id: string;
  readonly code?: string;
}

const RECIPIENTS = ['+12025550101', '+12025550110', '+5511987650001', '+5511987650002'];

let database: TestDatabase;
let app: TestApp;
let admin: HttpClient;
let query: Query;
let lossy: LossyProxy;
let road: TcpProxy;

beforeAll(async () => {
  database = await createTestDatabase();
  road = await createTcpProxy(database.url);
  lossy = await createLossyProxy(road.url);
  ({ app, admin, query } = await createLinkedApp({
    database: { ...database, url: lossy.url },
    env: { SESSION_PROBE_INTERVAL_MS: '1000', SESSION_LEASE_MS: '21000' },
  }));
});

afterAll(async () => {
  await app.close();
  await lossy.close();
  await road.close();
  await database.drop();
});

const send = (text: string, headers: Record<string, string> = {}, to = '+12025550110'): Promise<Answer<Accepted>> =>
  admin.post<Accepted>('/v1/messages', { to, text }, headers);

const idsOf = async (text: string): Promise<string[]> =>
  (await query<{ id: string }>('SELECT id FROM message WHERE text = $1', [text])).map(({ id }) => id);

const untilSettled = (timeoutMs = 60_000): Promise<void> =>
  eventuallyPasses(async () => {
    const left = await query(
      "SELECT status, count(*)::int AS n FROM message WHERE status IN ('QUEUED', 'SENDING') GROUP BY 1",
    );
    expect(left).toEqual([]);
  }, timeoutMs);

/** Ends every connection of the application at the server, as a restart of PostgreSQL does; a role may end its own. */
const endConnections = async (first = ''): Promise<void> => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  // Of this database only: other tests share the server.
  await client.query(
    `${first}; SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'waypost' AND datname = current_database()`,
  );
  await client.end();
};

/** Sends all the time, as many clients do; whoever is told to come back comes back. */
const keepSending = (name: string): { readonly stop: () => Promise<Answer<Accepted>[]> } => {
  const answers: Answer<Accepted>[] = [];
  let isOver = false;
  const one = async (client: number): Promise<void> => {
    for (let i = 0; !isOver; i += 1) {
      const to = RECIPIENTS[(client + i) % RECIPIENTS.length];
      answers.push(await send(`${name} ${String(client)}-${String(i)}`, {}, to));
      await sleep(answers.at(-1)?.status === 202 ? 2 : 50);
    }
  };
  const all = Promise.all(Array.from({ length: 8 }, (_, client) => one(client)));
  return {
    stop: async () => {
      isOver = true;
      await all;
      return answers;
    },
  };
};

describe('F7 the database has done it, and its answer is lost', () => {
  it('F7 a message that was stored is answered 202, with the id under which it is stored, once', async () => {
    const lost = lossy.loseAnswerTo('F7 stored');
    const answer = await send('F7 stored');
    await lost;
    expect(answer.status).toBe(202);
    expect(await idsOf('F7 stored')).toEqual([answer.body.id]);
  });

  it('F7 with a key: the repeat gives the same message', async () => {
    const lost = lossy.loseAnswerTo('F7 keyed');
    const answer = await send('F7 keyed', { 'idempotency-key': 'F7' });
    await lost;
    const again = await send('F7 keyed', { 'idempotency-key': 'F7' });
    expect([answer.status, again.status]).toEqual([202, 202]);
    expect(again.text).toBe(answer.text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await idsOf('F7 keyed')).toEqual([answer.body.id]);
  });

  it('F7 a statement that is still running when its connection breaks is waited for, not repeated beside itself', async () => {
    const holder = new pg.Client({ connectionString: database.ownerUrl });
    await holder.connect();
    await holder.query('BEGIN; SELECT FROM audit_head FOR UPDATE');
    const cut = lossy.cutAt('F7 running');
    const answering = send('F7 running');
    await cut;
    await sleep(300);
    await holder.query('COMMIT');
    await holder.end();
    const answer = await answering;
    expect(answer.status).toBe(202);
    await eventually(async () => (await idsOf('F7 running')).length > 0);
    await sleep(200);
    expect(await idsOf('F7 running')).toEqual([answer.body.id]);
  });

  /** How many claimed messages are left without a sender by one answer that is lost. */
  const strand = async (what: string, statement: string): Promise<number> => {
    // Without a lease nothing is claimed: the messages are there before the claim is.
    await query("UPDATE session_lease SET expires_at = now() - interval '1 second'");
    await sleep(50);
    const answers = await Promise.all(RECIPIENTS.map((to) => send(`F7 ${what}`, {}, to)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    const lost = lossy.loseAnswerTo(statement);
    // A named statement travels with its text when a connection sees it for the first time.
    await endConnections("UPDATE session_lease SET expires_at = now() + interval '20 seconds'");
    await lost;
    return (await query("SELECT 1 FROM message WHERE status = 'SENDING'")).length;
  };

  it.each([
    ['a claim', "SET status = 'SENDING'"],
    ['the row of a try', 'INSERT INTO message_attempt'],
  ])(
    'F7 %s whose answer is lost is found again, and the messages are sent once',
    async (what, statement) => {
      // A look that claims nothing may come in between and take the loss upon itself: then it is tried again.
      await eventually(async () => {
        const stranded = await strand(what, statement);
        if (stranded === 0) await untilSettled();
        return stranded === RECIPIENTS.length;
      }, 30_000);
      await untilSettled();
    },
    90_000,
  );

  it('F7 commits of outcomes and events whose answer is lost are stored once, and told once', async () => {
    for (let i = 0; i < 12; i += 1) {
      await endConnections();
      const lost = lossy.loseAnswerTo('COMMIT');
      // The first to meet a connection that has ended is told to come back.
      await eventually(async () => (await send(`F7 outcome ${String(i)}`)).status === 202);
      await lost;
    }
    await untilSettled();
  });

  afterAll(async () => {
    await untilSettled();
    expect(await findViolations(query, { isSettled: false })).toEqual([]);
  });
});

describe('F5 the database goes away under load', () => {
  it('F5 every connection is ended, again and again: nothing is lost, and all of it is sent', async () => {
    const load = keepSending('F5 ended');
    for (let i = 0; i < 5; i += 1) {
      await sleep(150);
      await endConnections();
    }
    const answers = await load.stop();
    const accepted = answers.filter(({ status }) => status === 202).map(({ body }) => body.id);
    expect(accepted.length).toBeGreaterThan(20);
    for (const { status, headers } of answers.filter((answer) => answer.status !== 202)) {
      expect(status).toBe(503);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await untilSettled();
    expect(await findViolations(query, { acknowledged: accepted, isSettled: false })).toEqual([]);
  }, 120_000);

  it('F5 it is away for a while: 503 with Retry-After, and everything goes on when it is back', async () => {
    const load = keepSending('F5 away');
    await sleep(200);
    await road.cut();
    await sleep(3000);
    const refused = await send('F5 while away');
    expect(refused).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await road.mend();
    await eventually(async () => (await send('F5 back')).status === 202, 20_000);
    const answers = await load.stop();
    const accepted = answers.filter(({ status }) => status === 202).map(({ body }) => body.id);
    await untilStatus(admin, 'READY', 40_000);
    await untilSettled();
    expect(await idsOf('F5 while away')).toEqual([]);
    expect(await findViolations(query, { acknowledged: accepted, isSettled: false })).toEqual([]);
  }, 120_000);
});

describe('F8 the recovery beside the original', () => {
  it('F8 the session is lost and found again in the middle of its sends: nothing is sent twice', async () => {
    await admin.post('/v1/sandbox/default/behaviour', { sendDelayMs: 120 });
    const load = keepSending('F8');
    for (let i = 0; i < 6; i += 1) {
      await sleep(250);
      await admin.post('/v1/sandbox/default/disconnect', { reason: 'connection' });
      await untilStatus(admin, 'READY');
      await admin.post('/v1/sandbox/default/behaviour', { sendDelayMs: 120 });
    }
    const answers = await load.stop();
    const accepted = answers.map(({ body }) => body.id);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await admin.post('/v1/sandbox/default/behaviour', { sendDelayMs: 0 });
    await untilSettled();
    expect(await findViolations(query, { acknowledged: accepted, isSettled: false })).toEqual([]);
  }, 120_000);
});
