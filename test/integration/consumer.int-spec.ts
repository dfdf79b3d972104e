import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { ConsumerRunner } from '../../src/platform/events/consumer-runner.js';
import type { DurableConsumer } from '../../src/platform/events/durable-consumer.js';
import { JobsUnavailableError } from '../../src/platform/jobs/jobs.errors.js';
import { Transactions } from '../../src/platform/prisma/transactions.js';
import { eventually } from '../support/eventually.js';
import { createProbe, createProbeTable, Probed, readProbe, Unwanted } from '../support/journal-probe.js';
import { createTestPlatform, type TestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const QUICK = { baseMs: 10, maxMs: 20, factor: 1, maxFailures: 3 };

describe('durable consumers', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  const platforms: TestPlatform[] = [];

  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
    return client;
  };

  const startWith = async (...consumers: readonly DurableConsumer[]): Promise<TestPlatform> => {
    const platform = await createTestPlatform({ database });
    platforms.push(platform);
    for (const consumer of consumers) platform.get(ConsumerRunner).register(consumer);
    await platform.start();
    return platform;
  };

  const record = (platform: TestPlatform, ...numbers: readonly number[]): Promise<void> =>
    platform.get(Transactions).run((tx) => {
      for (const n of numbers) tx.record(Probed, null, { n });
      return Promise.resolve();
    });

  const seen = async (): Promise<number[]> => (await readProbe(database)).map(({ n }) => n);

  beforeEach(async () => {
    database = await createTestDatabase();
    await createProbeTable(database);
    owner = await connect();
  });

  afterEach(async () => {
    for (const platform of platforms.splice(0)) await platform.close();
    await owner.end();
    await database.drop();
  });

  it('sees what was committed, in order, and nothing of a transaction that rolled back', async () => {
    const platform = await startWith(createProbe());
    await record(platform, 1, 2);
    const rolledBack = platform.get(Transactions).run((tx) => {
      tx.record(Probed, null, { n: 3 });
      return Promise.reject(new Error('changed my mind'));
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    await record(platform, 4);
    await eventually(async () => (await seen()).includes(4));
    expect(await seen()).toEqual([1, 2, 4]);
  });

  it('does not step over a lower number that commits later', async () => {
    await startWith(createProbe());
    const slow = await connect();
    const quick = await connect();
    const insert = async (client: pg.Client, n: number): Promise<void> => {
      await client.query('INSERT INTO event (id, name, payload) VALUES ($1, $2, $3)', [
        randomUUID(),
        Probed.name,
        { n },
      ]);
    };
    await slow.query('BEGIN');
    await insert(slow, 1);
    await quick.query('BEGIN');
    await insert(quick, 2);
    await quick.query('COMMIT');
    await sleep(1200);
    expect(await seen()).toEqual([]);
    await slow.query('COMMIT');
    await eventually(async () => (await seen()).length === 2);
    expect(await seen()).toEqual([1, 2]);
    await Promise.all([slow.end(), quick.end()]);
  });

  it('does not step over an older transaction that takes a higher number', async () => {
    await startWith(createProbe());
    const older = await connect();
    await older.query('BEGIN');
    await older.query('SELECT pg_current_xact_id()');
    const insert = 'INSERT INTO event (id, name, payload) VALUES ($1, $2, $3)';
    await owner.query(insert, [randomUUID(), Probed.name, { n: 1 }]);
    await sleep(700);
    await older.query(insert, [randomUUID(), Probed.name, { n: 2 }]);
    await older.query('COMMIT');
    await eventually(async () => (await seen()).length === 2);
    await sleep(600);
    expect((await seen()).sort()).toEqual([1, 2]);
    await older.end();
  });

  it('hands each event to one of two processes', async () => {
    const first = await startWith(createProbe());
    const second = await startWith(createProbe());
    const numbers = Array.from({ length: 400 }, (_, n) => n);
    for (const n of numbers) await record(n % 2 === 0 ? first : second, n);
    await eventually(async () => (await seen()).length >= numbers.length);
    await sleep(600);
    expect(await seen()).toEqual(numbers);
  });

  it('goes on in another process when the one that had the cursor ends', async () => {
    const first = await startWith(createProbe());
    const second = await startWith(createProbe());
    await record(second, 1);
    await eventually(async () => (await seen()).length === 1);
    await first.close();
    platforms.splice(platforms.indexOf(first), 1);
    await record(second, 2);
    await eventually(async () => (await seen()).length === 2);
    expect(await seen()).toEqual([1, 2]);
  });

  it('tries a poison event with pauses, dead-letters it, and goes on with the next', async () => {
    const tries: number[] = [];
    const poison = createProbe({
      patience: QUICK,
      before: (n) => {
        tries.push(n);
        if (n === 60) throw new TypeError('cannot digest +1 202 555 0110');
      },
    });
    const platform = await startWith(poison);
    await record(platform, ...Array.from({ length: 100 }, (_, n) => n));
    await eventually(async () => (await seen()).length === 99);
    expect(await seen()).toEqual(Array.from({ length: 100 }, (_, n) => n).filter((n) => n !== 60));
    // Once in the portion that it ended, then alone.
    expect(tries.filter((n) => n === 60)).toHaveLength(1 + QUICK.maxFailures);
    const { rows } = await owner.query<{ consumer: string; error: string; payload: { n: number } }>(
      'SELECT consumer, error, payload FROM event_dead_letter JOIN event ON id = event_id',
    );
    expect(rows).toEqual([{ consumer: 'probe', error: 'failed 3 times', payload: { n: 60 } }]);
    expect(platform.log.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('finds the poison event also when what it broke shows at the commit', async () => {
    const platform = await startWith(
      createProbe({
        patience: QUICK,
        before: async (n, tx) => {
          if (n === 3) await tx.db.$executeRaw`INSERT INTO no_such_table VALUES (1)`.catch(() => undefined);
        },
      }),
    );
    await record(platform, 1, 2, 3, 4, 5);
    await eventually(async () => (await seen()).length === 4);
    expect(await seen()).toEqual([1, 2, 4, 5]);
  });

  it('counts failures for one event: an event that fails once is not charged with those of another', async () => {
    const failedOnce = new Set<number>();
    const platform = await startWith(
      createProbe({
        patience: { ...QUICK, maxFailures: 2 },
        before: (n) => {
          if (n % 2 === 1 && !failedOnce.has(n)) {
            failedOnce.add(n);
            throw new Error('not yet');
          }
        },
      }),
    );
    await record(platform, 0, 1, 2, 3, 4, 5);
    await eventually(async () => (await seen()).length === 6);
    expect(await seen()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('waits for what is unavailable, however long, and charges no event with it', async () => {
    let isBack = false;
    const tries: number[] = [];
    const platform = await startWith(
      createProbe({
        patience: { ...QUICK, maxFailures: 1 },
        before: (n) => {
          tries.push(n);
          if (!isBack) throw new JobsUnavailableError();
        },
      }),
    );
    await record(platform, 1, 2);
    await eventually(() => tries.length > 4);
    isBack = true;
    await eventually(async () => (await seen()).length === 2);
    expect(platform.log.map(({ message }) => message)).toEqual([
      'a durable consumer waits for what it needs',
      'a durable consumer goes on',
    ]);
  });

  it('keeps a failing consumer from holding up another one', async () => {
    const stuck = createProbe({
      name: 'stuck',
      before: () => {
        throw new Error('never');
      },
    });
    const platform = await startWith(stuck, createProbe({ name: 'sound' }));
    await record(platform, 1, 2, 3);
    await eventually(async () => (await seen()).length === 3);
    expect((await readProbe(database)).every(({ consumer }) => consumer === 'sound')).toBe(true);
  });

  it('moves over events that it does not want', async () => {
    const platform = await startWith(createProbe());
    for (let round = 0; round < 3; round += 1) {
      await platform.get(Transactions).run((tx) => {
        for (let n = 0; n < 700; n += 1) tx.record(Unwanted, null, { n });
        tx.record(Probed, null, { n: round });
        return Promise.resolve();
      });
    }
    await eventually(async () => (await seen()).length === 3);
    expect(await seen()).toEqual([0, 1, 2]);
    const { rows } = await owner.query<{ behind: string }>(
      'SELECT count(*) AS behind FROM event, event_consumer AS c WHERE (event.tx, event.seq) > (c.tx, c.seq)',
    );
    expect(rows[0]?.behind).toBe('0');
  });

  it('outlives the loss of its connections without a line for each try', async () => {
    const platform = await startWith(createProbe());
    await record(platform, 1);
    await eventually(async () => (await seen()).length === 1);
    const killer = new pg.Client({ connectionString: database.url });
    await killer.connect();
    for (let i = 0; i < 20; i += 1) {
      await killer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()`,
      );
      await sleep(50);
    }
    await killer.end();
    await eventually(() =>
      record(platform, 2).then(
        () => true,
        () => false,
      ),
    );
    await eventually(async () => (await seen()).length === 2);
    expect(platform.log.filter(({ message }) => message.includes('waits for what it needs')).length).toBeLessThan(4);
  });

  it('hands an event over within a few milliseconds of its commit', async () => {
    const platform = await startWith(createProbe());
    const waits: number[] = [];
    for (let n = 0; n < 40; n += 1) {
      const began = performance.now();
      await record(platform, n);
      await eventually(async () => (await owner.query('SELECT FROM probe WHERE n = $1', [n])).rowCount === 1);
      waits.push(performance.now() - began);
    }
    const median = waits.sort((a, b) => a - b)[20] ?? Infinity;
    process.stdout.write(`durable consumer: ${median.toFixed(0)} ms from the start of a transaction to the effect\n`);
    expect(median).toBeLessThan(250);
  });

  it('reads hundreds of events a second', async () => {
    const recorder = await startWith();
    const count = 5000;
    for (let n = 0; n < count; n += 500) await record(recorder, ...Array.from({ length: 500 }, (_, i) => n + i));
    const began = performance.now();
    await startWith(createProbe());
    await eventually(
      async () => (await owner.query('SELECT FROM probe OFFSET $1', [count - 1])).rowCount === 1,
      30_000,
    );
    const perSecond = count / ((performance.now() - began) / 1000);
    process.stdout.write(`durable consumer: ${perSecond.toFixed(0)} events/s, one INSERT each\n`);
    expect(perSecond).toBeGreaterThan(200);
  });
});
