import pg from 'pg';

import type { Prisma } from '../../src/generated/prisma/client.js';
import { claimByLane, claimFirst } from '../../src/modules/messages/outbox-claim.repository.js';
import { OutboxRepository } from '../../src/modules/messages/outbox.repository.js';
import { PrismaService } from '../../src/platform/prisma/prisma.service.js';
import { createTestPlatform, type TestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const SET = 100;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (plan: PlanNode): readonly PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe('the claim of due messages', () => {
  let database: TestDatabase;
  let platform: TestPlatform;
  let prisma: PrismaService;
  let outbox: OutboxRepository;
  let client: pg.Client;

  beforeEach(async () => {
    database = await createTestDatabase();
    platform = await createTestPlatform({ database });
    prisma = platform.get(PrismaService);
    outbox = new OutboxRepository(prisma);
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    await client.query(`INSERT INTO session_lease (session_id, owner, fence, expires_at)
      SELECT id, 'me', 1, now() + interval '1 hour' FROM unnest(ARRAY['default', 'other']) AS list(id)`);
  });

  afterEach(async () => {
    await client.end();
    await platform.close();
    await database.drop();
  });

  /** Queues messages numbered from `first`; `to` and the other columns are written in terms of the number `n`. */
  const queue = async (
    first: number,
    count: number,
    to: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const columns = ['', ...Object.keys(more)].join(', ');
    const values = ['', ...Object.values(more)].join(', ');
    await client.query(`
      INSERT INTO message (id, session_id, direction, type, status, recipient, text${columns})
      SELECT 'msg_' || n, 'default', 'OUTBOUND', 'text', 'QUEUED', ${to}, 'hello'${values}
      FROM generate_series(${String(first)}, ${String(first + count - 1)}) AS n`);
  };

  const claimed = async (limit = SET): Promise<readonly string[]> =>
    (await outbox.claim('default', 1n, limit)).map(({ id }) => id.slice('msg_'.length));

  const settle = async (...ids: readonly string[]): Promise<void> => {
    await client.query(`UPDATE message SET status = 'SENT' WHERE id = ANY($1)`, [ids.map((id) => `msg_${id}`)]);
  };

  const planOf = async ({ text, values }: Prisma.Sql, isGeneric: boolean): Promise<readonly PlanNode[]> => {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      isGeneric
        ? { text: `EXPLAIN (FORMAT JSON, GENERIC_PLAN) ${text}` }
        : { text: `EXPLAIN (FORMAT JSON) ${text}`, values },
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    return plan === undefined ? [] : nodesOf(plan);
  };

  it.each(['before anybody has counted the table', 'after it was counted'])(
    'F28 reads the partial indexes only, %s',
    async (when) => {
      await queue(1, 20_000, `'+1202' || 5550000 + n % 5000`);
      if (when.startsWith('after')) await client.query('ANALYZE message');
      const options = { sessionId: 'default', fence: 1n, limit: SET };
      for (const [statement, index] of [
        [claimFirst(options), 'message_due'],
        [claimByLane(options, ''), 'message_lane'],
      ] as const) {
        for (const isGeneric of [true, false]) {
          const nodes = await planOf(statement, isGeneric);
          const ofMessages = nodes.filter((node) => node['Relation Name'] === 'message');
          expect(ofMessages.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
          expect(nodes.map((node) => node['Index Name'])).toEqual(expect.arrayContaining([index, 'message_lane']));
        }
      }
    },
  );

  it('F28 takes no longer when the planner knows nothing of a backlog that has just come', async () => {
    // Plans are kept with the connection: these are made while the table is empty.
    for (let i = 0; i < 10; i += 1) await outbox.claim('default', 1n, 256);
    await queue(1, 4000, `'+1202555' || n % 40`);
    const began = performance.now();
    expect(await claimed(256)).toEqual(Array.from({ length: 40 }, (_, n) => String(n + 1)));
    expect(await claimed(256)).toEqual([]);
    // Comparing all with all took more than four seconds; a look for each row takes some 30 ms.
    expect(performance.now() - began).toBeLessThan(1000);
  }, 60_000);

  it('F28 a lane of 80,000 to one recipient hides nobody behind it', async () => {
    await queue(1, 80_000, `'+12025550001'`);
    await queue(80_001, 3000, `'+1202' || 5600000 + n`);
    expect(await claimed(1)).toEqual(['1']);
    const began = performance.now();
    const rest = new Set<string>();
    for (let ids = await claimed(); ids.length > 0; ids = await claimed()) for (const id of ids) rest.add(id);
    const tookMs = performance.now() - began;
    expect(rest.size).toBe(3000);
    expect(await claimed()).toEqual([]);
    // Each of these claims looked at the whole lane, for 1.3 s.
    expect(tookMs / 31).toBeLessThan(300);
    await settle('1');
    expect(await claimed()).toEqual(['2']);
  }, 60_000);

  it('F28 what waits for its next try holds up its own recipient only', async () => {
    await queue(1, 5000, `'+1202' || 5600000 + n`, { due_at: `now() + interval '1 hour'` });
    await queue(5001, 5000, `'+1202' || 5600000 + n - 5000`);
    await queue(10_001, 2, `'+12025550002'`);
    expect(await claimed()).toEqual(['10001']);
    await client.query(`UPDATE message SET due_at = now() WHERE id = 'msg_7'`);
    expect(await claimed()).toEqual(['7']);
    await settle('7');
    expect(await claimed()).toEqual(['5007']);
  }, 60_000);

  it('finds every recipient that is free, however many wait before it', async () => {
    await queue(1, 2500, `'+1202' || 5600000 + n`);
    await client.query(`UPDATE message SET status = 'SENDING', claim_fence = 1`);
    await queue(2501, 2500, `'+1202' || 5600000 + n - 2500`);
    await queue(5001, 1, `'+19995550000'`);
    const found: string[] = [];
    for (let look = 0; look < 4; look += 1) found.push(...(await claimed()));
    expect(found).toEqual(['5001']);
  }, 60_000);

  it('lets the more urgent go first, and keeps the order of each recipient all the same', async () => {
    await queue(1, 3, `'+1202555000' || n`);
    await queue(4, 1, `'+12025550001'`, { priority: '9' });
    await queue(5, 1, `'+12025550005'`, { priority: '5' });
    expect(await claimed()).toEqual(['5', '1', '2', '3']);
    await settle('1');
    expect(await claimed()).toEqual(['4']);
  });

  it('passes over what is held, and what stands behind it goes', async () => {
    await queue(1, 1, `'+12025550001'`, { is_held: 'true' });
    await queue(2, 1, `'+12025550001'`);
    expect(await claimed()).toEqual(['2']);
    await client.query(`UPDATE message SET is_held = false WHERE id = 'msg_1'`);
    expect(await claimed()).toEqual(['1']);
  });

  it('keeps the place of what was under way when it was held', async () => {
    await queue(1, 2, `'+12025550001'`);
    expect(await claimed()).toEqual(['1']);
    await client.query(`UPDATE message SET is_held = true WHERE id = 'msg_1'`);
    expect(await claimed()).toEqual([]);
  });

  it('claims nothing without the lease', async () => {
    await queue(1, 300, `'+12025550001'`);
    expect(await outbox.claim('default', 2n, SET)).toEqual([]);
    await client.query(`UPDATE session_lease SET expires_at = now() - interval '1 second'`);
    expect(await claimed()).toEqual([]);
  });

  it('F28 is fair: the backlog of one session is not looked at for another', async () => {
    await queue(1, 20_000, `'+12025550001'`);
    await client.query(`
      INSERT INTO message (id, session_id, direction, type, status, recipient, text)
      VALUES ('msg_other', 'other', 'OUTBOUND', 'text', 'QUEUED', '+12025550001', 'hello')`);
    await claimed(1);
    expect((await outbox.claim('other', 1n, SET)).map(({ id }) => id)).toEqual(['msg_other']);
  });
});
