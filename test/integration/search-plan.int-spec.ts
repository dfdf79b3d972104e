import pg from 'pg';

import { foldText, keysOfMessages } from '../../src/modules/messages/domain/search-text.js';
import type { MessageFilters } from '../../src/modules/messages/message-history.repository.js';
import { FIRST_BLOCK, searchOf } from '../../src/modules/messages/search/message-search.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

interface Case {
  readonly filters: MessageFilters;
  readonly sessionIds?: readonly string[];
}

const BLOCK = 256;
const BLOCKS = 800;
const CASES: readonly Case[] = [
  { filters: { q: 'message' } },
  { filters: { q: '見' } },
  { filters: { q: '👍🏽' }, sessionIds: ['s1'] },
  { filters: { q: 'number 17' }, sessionIds: ['s1', 's2'] },
  { filters: { q: 'message', status: 'FAILED' } },
  { filters: { q: 'nothing like it' } },
];

const textOf = (n: number): string =>
  `Message number ${String(n)}${n % 1000 === 7 ? ' 見て 👍🏽' : ''} ${String((n * 7919) % 100_003)}`;

const nodesOf = (plan: PlanNode): readonly PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Whether the planner was told of the tables when there was little in them; autovacuum, which comes when it likes, is off. */
const BEGINNINGS = [
  { known: 'before anybody has counted the tables', isFirstCounted: false },
  { known: 'when they were counted at the first block', isFirstCounted: true },
] as const;
const COUNT = 'ANALYZE message, message_text, message_text_block';

const blocks = Array.from({ length: BLOCKS }, (_, index) => {
  const numbers = Array.from({ length: BLOCK }, (_, place) => index * BLOCK + place);
  const messages = numbers.map((n) => ({ text: foldText(textOf(n)), sessionId: `s${String(n % 4)}`, type: 'text' }));
  return { id: index + 1, numbers, texts: numbers.map(textOf), keys: keysOfMessages(messages) };
});

describe.each(BEGINNINGS)('a search of the message log, $known', ({ known, isFirstCounted }) => {
  let database: TestDatabase;
  let client: pg.Client;

  const storeBlock = async ({ id, numbers, texts, keys }: (typeof blocks)[number]): Promise<void> => {
    await client.query(
      `WITH stored AS (
        INSERT INTO message (id, session_id, direction, type, status, recipient, text, created_at)
        SELECT 'msg_' || n, 's' || n % 4, 'OUTBOUND', 'text',
          CASE WHEN n % 10 = 0 THEN 'FAILED' ELSE 'READ' END, '+1202555' || n % 1000, text,
          '2026-01-01'::timestamptz + n * interval '1 minute' FROM unnest($1::int[], $2::text[]) AS list(n, text)
        RETURNING id, created_at, seq, text
      ), texts AS (
        INSERT INTO message_text (message_id, block_id, created_at, seq, text)
        SELECT id, $3, created_at, seq, lower(text) FROM stored RETURNING created_at
      )
      INSERT INTO message_text_block (id, is_late, keys, from_at, to_at)
      SELECT $3, false, $4::int[], min(created_at), max(created_at) FROM texts`,
      [numbers, texts, id, keys],
    );
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    for (const table of ['message', 'message_text', 'message_text_block']) {
      await client.query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`);
    }
    await client.query(
      `INSERT INTO session (id, name, engine) SELECT 's' || n, 'A', 'sandbox' FROM generate_series(0, 3) n`,
    );
    for (const block of blocks) {
      await storeBlock(block);
      if (block.id === 1 && isFirstCounted) await client.query(COUNT);
    }
    await client.query('TRUNCATE message_text_pending');
  }, 240_000);

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const readsOf = async (table: string): Promise<{ readonly seq_scan: number; readonly idx_scan: number }> => {
    await client.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await client.query<{ seq_scan: number; idx_scan: number }>(
      'SELECT seq_scan::int, idx_scan::int FROM pg_stat_user_tables WHERE relname = $1',
      [table],
    );
    return rows[0] ?? { seq_scan: -1, idx_scan: -1 };
  };

  const requireIndexes = async ({ filters, sessionIds }: Case): Promise<void> => {
    const where = { after: FIRST_BLOCK, blocks: 32 };
    const { text, values } = searchOf(sessionIds, filters, { limit: 51, before: null }, where);
    const before = await readsOf('message_text_block');
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>({
      text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      values,
    });
    const after = await readsOf('message_text_block');
    expect({ whole: after.seq_scan - before.seq_scan, byIndex: after.idx_scan > before.idx_scan }).toEqual({
      whole: 0,
      byIndex: true,
    });
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    const nodes = plan === undefined ? [] : nodesOf(plan);
    const read = nodes.filter((node) => node['Relation Name']?.startsWith('message') === true);
    expect(read.map((node) => node['Node Type'])).not.toContain('Seq Scan');
    for (const { 'Actual Rows': kept = 0, 'Rows Removed by Filter': left = 0, 'Actual Loops': times = 1 } of read) {
      expect((kept + left) * times).toBeLessThanOrEqual(2 * 33 * BLOCK);
    }
  };

  it.each(CASES)(`F28 $filters of $sessionIds reads indexes only, ${known}`, requireIndexes);

  it.each(CASES)('F28 $filters of $sessionIds reads indexes only, when all of it was counted', async (search) => {
    await client.query(COUNT);
    await requireIndexes(search);
  });
});
