import { UsageRollup } from '../../src/modules/usage/usage-rollup.js';
import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

type Figures = Readonly<Record<string, string | number | null>>;

const NOTHING = { accepted: 0, sent: 0, delivered: 0, read: 0, failed: 0, expired: 0, cancelled: 0, received: 0 };

let app: TestApp;
let admin: HttpClient;

const usage = async (parameters: string, client = admin): Promise<readonly Figures[]> => {
  const { status, body } = await client.get<{ data: readonly Figures[] }>(`/v1/usage?${parameters}`);
  expect(status).toBe(200);
  return body.data;
};

/** Stores a message and its steps, each at its time. */
const store = async (
  id: string,
  message: { readonly sessionId: string; readonly actor?: readonly [string, string]; readonly isInbound?: boolean },
  steps: readonly (readonly [status: string, at: string])[],
): Promise<void> => {
  const { sessionId, actor = ['user', 'usr_ada'], isInbound = false } = message;
  await app.query(
    `INSERT INTO message (id, session_id, direction, type, status, actor_kind, actor_id, created_at)
     VALUES ($1, $2, $3, 'text', $4, $5, $6, $7)`,
    [
      ...[`msg_${id}`, sessionId, isInbound ? 'INBOUND' : 'OUTBOUND', steps.at(-1)?.[0]],
      ...(isInbound ? ['system', null] : actor),
      steps[0]?.[1],
    ],
  );
  for (const [status, at] of steps) await step(id, status, at);
};

const step = async (id: string, status: string, at: string): Promise<void> => {
  await app.query('INSERT INTO message_timeline (message_id, status, at) VALUES ($1, $2, $3)', [
    `msg_${id}`,
    status,
    at,
  ]);
};

/** The mark of the next roll-up is old enough. */
const rollUp = async (): Promise<number> => {
  await app.query(`UPDATE usage_cursor SET marked_at = now() - interval '1 minute'`);
  return app.app.get(UsageRollup).run();
};

const brokenOnPurpose = { faults: /msg_[a-z]/, because: 'the steps of other days are written by hand' };

beforeAll(async () => {
  ({ app, admin } = await createLinkedApp({ brokenOnPurpose }));
});

afterAll(() => app.close());

describe('GET /v1/usage', () => {
  const DAYS = 'from=2026-03-01&to=2026-03-03';

  const FIRST = { day: '2026-03-01', ...NOTHING, accepted: 3, sent: 2, delivered: 1, received: 1 };
  const SECOND = { day: '2026-03-02', ...NOTHING, sent: 1, delivered: 2, read: 2, failed: 1 };

  beforeAll(async () => {
    await store('a', { sessionId: 'shop' }, [
      ['QUEUED', '2026-03-01T23:58:00Z'],
      ['SENDING', '2026-03-01T23:58:01Z'],
      ['SENT', '2026-03-01T23:59:59.999Z'],
      ['READ', '2026-03-02T00:00:00Z'],
    ]);
    await store('b', { sessionId: 'shop', actor: ['api-key', 'key_one'] }, [
      ['SCHEDULED', '2026-03-01T10:00:00Z'],
      ['QUEUED', '2026-03-01T11:00:00Z'],
      ['SENT', '2026-03-01T11:00:01Z'],
      ['DELIVERED', '2026-03-01T11:00:02Z'],
      ['READ', '2026-03-02T09:00:00Z'],
      ['PLAYED', '2026-03-03T09:00:00Z'],
    ]);
    await store('c', { sessionId: 'other' }, [
      ['QUEUED', '2026-03-01T10:00:00Z'],
      ['FAILED', '2026-03-02T10:00:00Z'],
      ['QUEUED', '2026-03-02T11:00:00Z'],
      ['DELIVERED', '2026-03-02T11:00:01Z'],
    ]);
    await store('d', { sessionId: 'other', isInbound: true }, [['RECEIVED', '2026-03-01T10:00:00Z']]);
  });

  it('counts each result once, on the day on which it happened', async () => {
    expect(await usage(DAYS)).toEqual([FIRST, SECOND]);
  });

  it.each([
    ['session', ['other', 'shop'], 'sessionId'],
    ['key', ['key_one', null], 'keyId'],
    ['person', ['usr_ada', null], 'userId'],
    ['direction', ['INBOUND', 'OUTBOUND'], 'direction'],
    ['type', ['text'], 'type'],
    ['day,session', ['other', 'other', 'shop', 'shop'], 'sessionId'],
  ])('adds up the same when it is grouped by %s', async (groupBy, groups, field) => {
    const data = await usage(`${DAYS}&groupBy=${groupBy}`);
    expect(data.map((figures) => figures[field]).sort()).toEqual([...groups].sort());
    for (const result of Object.keys(NOTHING)) {
      const sum = data.reduce((total, figures) => total + Number(figures[result]), 0);
      expect([result, sum]).toEqual([result, FIRST[result as 'read'] + SECOND[result as 'read']]);
    }
  });

  it('is the same before, while and after it is rolled up, and counts what comes later on top', async () => {
    // Whatever writes in this cluster meanwhile holds a roll-up up. The first run sets the mark, and nothing is counted before it is old enough.
    await app.app.get(UsageRollup).run();
    expect(await app.query('SELECT 1 FROM usage_day')).toEqual([]);
    await eventually(async () => {
      await rollUp();
      return (await app.query(`SELECT 1 FROM usage_day WHERE day = '2026-03-01'`)).length > 0;
    });
    expect(await usage(DAYS)).toEqual([FIRST, SECOND]);
    await step('c', 'READ', '2026-03-03T10:00:00Z');
    await step('a', 'PLAYED', '2026-03-03T10:00:00Z');
    const later = [FIRST, SECOND, { day: '2026-03-03', ...NOTHING, read: 1 }];
    expect(await usage(DAYS)).toEqual(later);
    // The job of the minute may come before us.
    await eventually(async () => {
      await rollUp();
      return (await app.query(`SELECT 1 FROM usage_day WHERE day = '2026-03-03'`)).length === 1;
    });
    expect(await rollUp()).toBe(0);
    expect(await usage(DAYS)).toEqual(later);
  });

  it('misses no step of a transaction that commits after later ones', async () => {
    const { default: pg } = await import('pg');
    const slow = new pg.Client({ connectionString: app.database.ownerUrl });
    await slow.connect();
    await slow.query('BEGIN');
    await slow.query(
      `INSERT INTO message (id, session_id, direction, type, status) VALUES ('msg_slow', 'shop', 'OUTBOUND', 'text', 'QUEUED')`,
    );
    await slow.query(
      `INSERT INTO message_timeline (message_id, status, at) VALUES ('msg_slow', 'QUEUED', '2026-04-01T10:00:00Z')`,
    );
    await store('quick', { sessionId: 'shop' }, [['QUEUED', '2026-04-01T10:00:00Z']]);
    await app.app.get(UsageRollup).run();
    expect(await rollUp()).toBe(0);
    const day = 'from=2026-04-01&to=2026-04-01';
    expect(await usage(day)).toMatchObject([{ accepted: 1 }]);
    await slow.query('COMMIT');
    await slow.end();
    expect(await usage(day)).toMatchObject([{ accepted: 2 }]);
    let counted = 0;
    await eventually(async () => (counted += await rollUp()) >= 2);
    expect(counted).toBe(2);
    expect(await usage(day)).toMatchObject([{ accepted: 2 }]);
  });

  it('agrees with the log for what was sent, failed and received, while the day runs', async () => {
    const { id } = await app.person('ADMIN');
    for (const to of ['+12025550110', '+12025550110', '+12025550101', '+12025550122', '+12025550150']) {
      await admin.post('/v1/messages', { to, text: 'hello' });
    }
    await admin.post('/v1/sandbox/default/receive', { from: '+12025550110', text: 'Hi' });
    const logged = async (): Promise<object> => {
      const [row] = await app.query<Record<string, number>>(`SELECT
          count(*) FILTER (WHERE direction = 'OUTBOUND')::int AS accepted,
          count(*) FILTER (WHERE status IN ('SENT', 'DELIVERED', 'READ'))::int AS sent,
          count(*) FILTER (WHERE status IN ('DELIVERED', 'READ'))::int AS delivered,
          count(*) FILTER (WHERE status = 'READ')::int AS read,
          count(*) FILTER (WHERE status = 'FAILED')::int AS failed,
          count(*) FILTER (WHERE direction = 'INBOUND')::int AS received
        FROM message WHERE session_id = 'default'`);
      return row ?? {};
    };
    await eventually(async () => {
      const [open] = await app.query(`SELECT 1 FROM message WHERE session_id = 'default'
        AND status NOT IN ('READ', 'DELIVERED', 'FAILED', 'RECEIVED')`);
      return open === undefined && ((await logged()) as { received: number }).received >= 2;
    });
    const expected = await logged();
    expect(expected).toMatchObject({ accepted: 5, failed: 1 });
    const mine = async (): Promise<Figures | undefined> =>
      (await usage('groupBy=session')).find(({ sessionId }) => sessionId === 'default');
    expect(await mine()).toMatchObject(expected);
    await app.app.get(UsageRollup).run();
    await rollUp();
    expect(await mine()).toMatchObject(expected);
    const byPerson = (await usage('groupBy=session,person')).find(({ userId }) => userId === id);
    expect(byPerson).toMatchObject({ sessionId: 'default', accepted: 5, received: 0 });
  });

  it('A3 has no figures of a session that was not granted', async () => {
    const { client } = await app.addPerson('VIEWER', ['shop']);
    expect((await usage(`${DAYS}&groupBy=session`, client)).map(({ sessionId }) => sessionId)).toEqual(['shop']);
    const nobody = (await app.addPerson('VIEWER', [])).client;
    expect(await usage(DAYS, nobody)).toEqual([]);
  });

  it.each([
    ...[
      'from=2026-02-30',
      'from=yesterday',
      'to=2026-13-01',
      'from=2026-03-02&to=2026-03-01',
      'groupBy=',
      'groupBy=result',
    ],
    ...[
      'groupBy=day,day',
      'groupBy=day&groupBy=key',
      'from=2020-01-01&to=2026-01-01',
      'sessionId=shop',
      'from=2026-01-01T00:00:00Z',
    ],
  ])('I1 I2 refuses ?%s', async (parameters) => {
    expect((await admin.get(`/v1/usage?${parameters}`)).status).toBe(400);
  });
});
