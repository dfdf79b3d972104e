import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { Transactions } from '../../src/platform/prisma/transactions.js';
import { eventually } from '../support/eventually.js';
import { createProbeTable, Probed, readProbe } from '../support/journal-probe.js';
import { createTestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const SUPPORT = join(import.meta.dirname, '../support');
const EVENTS = 300;
/** At which event each process dies; a portion is 100 events, so some die in their second one and leave the first. */
const DEATHS = [1, 50, 100, 101, 37, 100, 150, 1, 99, 100];

describe('a durable consumer whose process dies', () => {
  let database: TestDatabase;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    await createProbeTable(database);
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await database.drop();
  });

  const startProcess = (diesAfter: number): ChildProcess => {
    const child = spawn(
      process.execPath,
      [
        ...['--import', join(SUPPORT, 'ts-loader.mjs'), join(SUPPORT, 'consumer.process.ts')],
        ...[database.url, database.ownerUrl, String(diesAfter)],
      ],
      { env: { ...process.env, NODE_OPTIONS: '' }, stdio: 'ignore' },
    );
    children.push(child);
    return child;
  };

  it('has the effect of each event exactly once, wherever it is killed', async () => {
    const platform = await createTestPlatform({ database });
    await platform.start();
    for (let n = 0; n < EVENTS; n += 1) {
      await platform.get(Transactions).run((tx) => {
        tx.record(Probed, null, { n });
        return Promise.resolve();
      });
    }
    await platform.close();

    for (const death of DEATHS) {
      const [, signal] = (await once(startProcess(death), 'exit')) as [number | null, NodeJS.Signals | null];
      expect(signal).toBe('SIGKILL');
      const rows = await readProbe(database);
      expect(rows.map(({ n }) => n)).toEqual(rows.map((_, place) => place));
    }
    expect(await readProbe(database)).toHaveLength(200);

    startProcess(0);
    await eventually(async () => (await readProbe(database)).length === EVENTS, 20_000);
    const rows = await readProbe(database);
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: EVENTS }, (_, n) => n));
    expect(new Set(rows.map(({ event_id }) => event_id)).size).toBe(EVENTS);
  }, 120_000);
});
