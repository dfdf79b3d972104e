import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { ConsumerRunner } from '../../src/platform/events/consumer-runner.js';
import { defineJob } from '../../src/platform/jobs/job-definition.js';
import { JobsUnavailableError } from '../../src/platform/jobs/jobs.errors.js';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { Transactions } from '../../src/platform/prisma/transactions.js';
import { eventually } from '../support/eventually.js';
import { createProbe, createProbeTable, Probed, readProbe } from '../support/journal-probe.js';
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { createTestPlatform, type TestPlatform } from '../support/test-platform.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const Count = defineJob<{ n: number }>()({
  name: 'count',
  retries: { limit: 3, delaySeconds: 1, maxDelaySeconds: 1 },
  expiresInSeconds: 60,
});

describe(Jobs.name, () => {
  let database: TestDatabase;
  let road: TcpProxy | undefined;
  const platforms: TestPlatform[] = [];

  const startWith = async (run: (n: number) => Promise<void> | void, url = database.url): Promise<TestPlatform> => {
    const platform = await createTestPlatform({ database: { ...database, url } });
    platforms.push(platform);
    platform.get(Jobs).register(Count, async ({ n }) => {
      await run(n);
    });
    return platform;
  };

  const enqueue = (platform: TestPlatform, ...numbers: readonly number[]): Promise<void> =>
    platform.get(Transactions).run(async (tx) => {
      for (const n of numbers) await platform.get(Jobs).enqueue(tx, Count, { n });
    });

  beforeEach(async () => {
    database = await createTestDatabase();
  });

  afterEach(async () => {
    for (const platform of platforms.splice(0)) await platform.close();
    await road?.close();
    await database.drop();
  });

  it('runs what was enqueued in a transaction that committed, and nothing of one that rolled back', async () => {
    const done: number[] = [];
    const platform = await startWith((n) => void done.push(n));
    await platform.start();
    const rolledBack = platform.get(Transactions).run(async (tx) => {
      await platform.get(Jobs).enqueue(tx, Count, { n: 1 });
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    const began = performance.now();
    await enqueue(platform, 2);
    await eventually(() => done.length === 1);
    process.stdout.write(`job: ${(performance.now() - began).toFixed(0)} ms from enqueueing to the handler\n`);
    await sleep(1500);
    expect(done).toEqual([2]);
  });

  it('calls a handler again that failed, and keeps no text of its error', async () => {
    const tries: number[] = [];
    const platform = await startWith((n) => {
      tries.push(n);
      if (tries.length < 3) throw new TypeError('+1 202 555 0110 is busy');
    });
    await platform.start();
    await enqueue(platform, 7);
    await eventually(() => tries.length === 3, 15_000);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const completed = await eventually(async () => {
      const { rows } = await client.query<{ state: string; output: unknown }>(
        `SELECT state, output FROM pgboss.job WHERE name = 'count' AND state = 'completed'`,
      );
      return rows[0];
    });
    expect(JSON.stringify(completed)).not.toContain('555');
    await client.end();
    expect(platform.log.filter(({ message }) => message === 'a job failed and will be tried again')).toHaveLength(2);
  });

  it('gives up after its last try, and says so', async () => {
    const tries: number[] = [];
    const platform = await startWith((n) => {
      tries.push(n);
      throw new Error('never');
    });
    await platform.start();
    await enqueue(platform, 1);
    await eventually(() => platform.log.some(({ message }) => message === 'a job failed for the last time'), 20_000);
    await sleep(2500);
    expect(tries).toHaveLength(1 + Count.retries.limit);
  });

  it('runs each job in one of two processes', async () => {
    const done: number[] = [];
    const first = await startWith((n) => void done.push(n));
    const second = await startWith((n) => void done.push(n));
    await Promise.all([first.start(), second.start()]);
    const numbers = Array.from({ length: 120 }, (_, n) => n);
    await enqueue(first, ...numbers);
    await eventually(() => done.length >= numbers.length);
    await sleep(1200);
    expect(done.sort((a, b) => a - b)).toEqual(numbers);
  });

  it('waits for a start that comes after the enqueueing', async () => {
    const done: number[] = [];
    const platform = await startWith((n) => void done.push(n));
    const early = enqueue(platform, 1);
    await platform.start();
    await early;
    await eventually(() => done.length === 1);
  });

  it('keeps nothing else from starting when it cannot, and starts later', async () => {
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const name = new URL(database.url).pathname.slice(1);
    await owner.query(`REVOKE CREATE ON DATABASE ${name} FROM waypost`);
    const done: number[] = [];
    const platform = await startWith((n) => void done.push(n));
    await platform.start();
    await expect(enqueue(platform, 1)).rejects.toBeInstanceOf(JobsUnavailableError);
    await owner.query(`GRANT CREATE ON DATABASE ${name} TO waypost`);
    await owner.end();
    await eventually(() =>
      enqueue(platform, 2).then(
        () => true,
        () => false,
      ),
    );
    await eventually(() => done.length === 1);
    expect(done).toEqual([2]);
    expect(platform.log.map(({ message }) => message)).toEqual(['the job queue cannot start yet and will try again']);
  });

  it('lets a job finish when the process stops', async () => {
    const done: number[] = [];
    const platform = await startWith(async (n) => {
      await sleep(1000);
      done.push(n);
    });
    await platform.start();
    await enqueue(platform, 1);
    await sleep(400);
    await platform.close();
    platforms.pop();
    expect(done).toEqual([1]);
  });

  it('outlives the database, as the consumers do: one line when it goes, one when it is back', async () => {
    await createProbeTable(database);
    road = await createTcpProxy(database.url);
    const done: number[] = [];
    const platform = await startWith((n) => void done.push(n), road.url);
    platform.get(ConsumerRunner).register(createProbe());
    await platform.start();
    await enqueue(platform, 1);
    await eventually(() => done.length === 1);

    await road.cut();
    await sleep(5000);
    await road.mend();
    const began = performance.now();
    await eventually(() =>
      platform
        .get(Transactions)
        .run(async (tx) => {
          tx.record(Probed, null, { n: 2 });
          await platform.get(Jobs).enqueue(tx, Count, { n: 2 });
        })
        .then(
          () => true,
          () => false,
        ),
    );
    await eventually(async () => done.includes(2) && (await readProbe(database)).length === 1);
    process.stdout.write(`after an outage: ${(performance.now() - began).toFixed(0)} ms to the next job and event\n`);
    await eventually(() => platform.log.some(({ message }) => message === 'the job queue goes on'));
    const lines = platform.log.filter(({ level }) => level !== 'debug').map(({ message }) => message);
    expect(lines.sort()).toEqual([
      'a durable consumer goes on',
      'a durable consumer waits for what it needs',
      'the job queue goes on',
      'the job queue has lost the database and waits for it',
    ]);
  }, 60_000);
});
