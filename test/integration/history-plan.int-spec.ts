import pg from 'pg';

import { type MessageFilters, pageOf } from '../../src/modules/messages/message-history.repository.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

interface Case {
  readonly filters: MessageFilters;
  readonly sessionIds?: readonly string[];
  readonly indexes: readonly string[];
}

const CONTACT = '+12025550110';
const SINCE = new Date('2026-01-01T00:00:00Z');
const UNTIL = new Date('2026-06-01T00:00:00Z');
const MINE = ['s1', 's2'];

const CASES: readonly Case[] = [
  { filters: {}, indexes: ['message_newest'] },
  { filters: { since: SINCE, until: UNTIL }, indexes: ['message_newest'] },
  { filters: {}, sessionIds: MINE, indexes: ['message_by_status'] },
  { filters: { since: SINCE, until: UNTIL }, sessionIds: ['s1'], indexes: ['message_by_status'] },
  { filters: { direction: 'INBOUND' }, indexes: ['message_by_status'] },
  { filters: { status: 'FAILED', until: UNTIL }, indexes: ['message_by_status'] },
  { filters: { status: 'FAILED', type: 'image' }, sessionIds: MINE, indexes: ['message_by_status'] },
  { filters: { type: 'poll', direction: 'OUTBOUND' }, indexes: ['message_by_type'] },
  { filters: { type: 'poll', since: SINCE }, sessionIds: MINE, indexes: ['message_by_type'] },
  { filters: { batchId: 'bat_1', status: 'FAILED' }, indexes: ['message_batch'] },
  {
    filters: { to: CONTACT, direction: 'OUTBOUND', status: 'READ' },
    indexes: ['message_by_status', 'message_to_contact'],
  },
  { filters: { to: CONTACT }, sessionIds: MINE, indexes: ['message_by_status', 'message_to_contact'] },
  { filters: { from: CONTACT, since: SINCE }, indexes: ['message_by_status', 'message_from_contact'] },
  { filters: { from: CONTACT, to: CONTACT }, indexes: ['message_from_contact', 'message_to_contact'] },
];

const nodesOf = (plan: PlanNode): readonly PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe('a page of the message log', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    await client.query(
      `INSERT INTO session (id, name, engine) SELECT 's' || n, 'A', 'sandbox' FROM generate_series(1, 4) n`,
    );
    await client.query(`
      INSERT INTO message (id, session_id, direction, type, status, sender, recipient, text, created_at)
      SELECT 'msg_' || n, 's' || 1 + n % 4, CASE n % 2 WHEN 0 THEN 'INBOUND' ELSE 'OUTBOUND' END, 'text',
        CASE n % 2 WHEN 0 THEN 'RECEIVED' ELSE 'READ' END, '+1202555' || n % 1000, '+1202556' || n % 1000, 'hello',
        '2026-01-01'::timestamptz + n * interval '1 minute'
      FROM generate_series(1, 50000) AS n`);
  }, 60_000);

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const indexesOf = async ({ filters, sessionIds }: Case, isGeneric: boolean): Promise<ReadonlySet<string>> => {
    const { text, values } = pageOf(sessionIds, filters, { limit: 51, before: null });
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      isGeneric ? `EXPLAIN (FORMAT JSON, GENERIC_PLAN) ${text}` : { text: `EXPLAIN (FORMAT JSON) ${text}`, values },
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    const nodes = plan === undefined ? [] : nodesOf(plan);
    expect(nodes.filter((node) => node['Relation Name'] === 'message' && node['Node Type'] === 'Seq Scan')).toEqual([]);
    return new Set(nodes.flatMap((node) => node['Index Name'] ?? []).filter((name) => name.startsWith('message_')));
  };

  for (const isCounted of [false, true]) {
    const when = isCounted ? 'when it was counted' : 'before anybody has counted the table';
    it.each(CASES)(`F28 $filters reads $indexes and nothing else, ${when}`, async (one) => {
      if (isCounted) await client.query('ANALYZE message, session');
      for (const isGeneric of [true, false]) {
        expect([...(await indexesOf(one, isGeneric))].sort()).toEqual(one.indexes);
      }
    });
  }

  it('F28 finds what has reached one of our numbers without going through all that it has sent', async () => {
    const ours = '+12025559002';
    await client.query(`INSERT INTO session_number (session_id, phone) VALUES ('s2', $1)`, [ours]);
    await client.query(
      `INSERT INTO message (id, session_id, direction, type, status, sender, recipient, text) VALUES
        ('msg_note', 's2', 'OUTBOUND', 'text', 'READ', $1, $1, 'a note to ourselves'),
        ('msg_in', 's2', 'INBOUND', 'text', 'RECEIVED', '+12025550111', $1, 'hello')`,
      [ours],
    );
    const { text, values } = pageOf(undefined, { to: ours }, { limit: 51, before: null });
    const { rows } = await client.query<{ id: string }>({ text, values });
    expect(rows.map(({ id }) => id).sort()).toEqual(['msg_in', 'msg_note']);
    const explained = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>({
      text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      values,
    });
    const plan = explained.rows[0]?.['QUERY PLAN'][0].Plan;
    const skipped = (plan ? nodesOf(plan) : []).map((node) => node['Rows Removed by Filter'] ?? 0);
    expect(Math.max(...skipped)).toBeLessThan(100);
  });
});
