import pg from 'pg';

import { ConsumerRunner } from '../../src/platform/events/consumer-runner.js';
import { JournalRetention } from '../../src/platform/events/journal-retention.js';
import { Transactions } from '../../src/platform/prisma/transactions.js';
import { eventually } from '../support/eventually.js';
import { createProbe, createProbeTable, Probed, readProbe } from '../support/journal-probe.js';
import { createTestPlatform, type TestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

describe(JournalRetention.name, () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let platform: TestPlatform;
  let isStuck = false;

  const record = (...numbers: readonly number[]): Promise<void> =>
    platform.get(Transactions).run((tx) => {
      for (const n of numbers) tx.record(Probed, null, { n });
      return Promise.resolve();
    });

  const kept = async (): Promise<number[]> =>
    (await owner.query<{ n: number }>(`SELECT (payload->>'n')::int AS n FROM event ORDER BY seq`)).rows.map(
      ({ n }) => n,
    );

  const age = (condition: string, days: number): Promise<unknown> =>
    owner.query(`UPDATE event SET occurred_at = now() - $1 * interval '1 day' WHERE ${condition}`, [days]);

  beforeEach(async () => {
    isStuck = false;
    database = await createTestDatabase();
    await createProbeTable(database);
    owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    platform = await createTestPlatform({ database });
    const slow = createProbe({
      name: 'slow',
      before: (n) => {
        if (isStuck && n > 2) throw new Error('stuck');
      },
    });
    for (const consumer of [createProbe(), slow]) platform.get(ConsumerRunner).register(consumer);
    await platform.start();
  });

  afterEach(async () => {
    await platform.close();
    await owner.end();
    await database.drop();
  });

  it('deletes what is older than 14 days and keeps what is younger', async () => {
    await record(1, 2, 3);
    await eventually(async () => (await readProbe(database)).length === 6);
    await age(`payload->>'n' <> '3'`, 14.01);
    await age(`payload->>'n' = '3'`, 13.99);
    expect(await platform.get(JournalRetention).prune()).toBe(2);
    expect(await kept()).toEqual([3]);
  });

  it('keeps what a consumer has not passed, however old it is', async () => {
    isStuck = true;
    await record(1, 2, 3, 4);
    await eventually(async () => (await readProbe(database)).length === 6);
    await age('true', 100);
    expect(await platform.get(JournalRetention).prune()).toBe(2);
    expect(await kept()).toEqual([3, 4]);
    isStuck = false;
    await eventually(async () => (await readProbe(database)).length === 8);
    expect(await platform.get(JournalRetention).prune()).toBe(2);
  });

  it('deletes more than one portion', async () => {
    await record(0);
    await eventually(async () => (await readProbe(database)).length === 2);
    await owner.query(`
      INSERT INTO event (id, tx, name, payload, occurred_at)
      SELECT 'old_' || n, '1'::xid8, 'probe.happened', '{"n": 0}', now() - interval '20 days' FROM generate_series(1, 12000) AS n`);
    expect(await platform.get(JournalRetention).prune()).toBe(12_000);
    expect(await kept()).toEqual([0]);
  });

  it('is a job of every hour', async () => {
    // The schema of the queue belongs to the role of the application.
    const application = new pg.Client({ connectionString: database.url });
    await application.connect();
    const { rows } = await application.query(`SELECT cron FROM pgboss.schedule WHERE name = 'journal-retention'`);
    await application.end();
    expect(rows).toEqual([{ cron: '23 * * * *' }]);
  });
});
