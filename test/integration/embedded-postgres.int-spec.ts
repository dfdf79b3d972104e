import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgres } from '../../src/platform/embedded-postgres/embedded-postgres.js';
import { findPostmaster, freePort } from '../../src/platform/embedded-postgres/postmaster.js';
import { processesIn, type Probe, startProbe } from '../support/processes.js';

const SECOND = 1000;
const silent = { info: (): void => undefined, warn: (): void => undefined };

const ask = async (url: string, query: string): Promise<Record<string, unknown> | undefined> => {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const results = [await client.query<Record<string, unknown>>(query)].flat();
    return results.at(-1)?.rows[0];
  } finally {
    await client.end();
  }
};

const eventually = async (isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> => {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (await isSo()) return true;
    await sleep(50);
  }
  return false;
};

describe(EmbeddedPostgres.name, () => {
  let home: string;
  let dataDir: string;
  const opened: EmbeddedPostgres[] = [];
  const probes: Probe[] = [];

  const start = async (dir = dataDir): Promise<EmbeddedPostgres> => {
    const postgres = await EmbeddedPostgres.start({ dataDir: dir, log: silent });
    opened.push(postgres);
    return postgres;
  };
  const probe = (dir = dataDir): Probe => {
    const made = startProbe('postgres.probe.ts', dir);
    probes.push(made);
    return made;
  };
  const urlOf = async (of: Probe): Promise<string> => {
    await of.line();
    return (JSON.parse(await of.line()) as { url: string }).url;
  };
  const kill = async (of: Probe): Promise<void> => {
    of.child.kill('SIGKILL');
    await of.ended;
  };

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'waypost-postgres-'));
    chmodSync(home, 0o755);
    dataDir = join(home, 'data');
  });

  afterEach(async () => {
    for (const of of probes.splice(0)) if (of.child.exitCode === null) of.child.kill('SIGKILL');
    await Promise.all(opened.splice(0).map((postgres) => postgres.stop()));
    await eventually(() => processesIn(home).length === 0, 15 * SECOND);
    rmSync(home, { recursive: true, force: true });
  });

  it('makes a durable database that only this machine and its own roles reach, and leaves no process', async () => {
    const postgres = await start();
    const setting = (name: string): string => `current_setting('${name}')`;
    expect(
      await ask(
        postgres.url,
        `SELECT current_user AS role, rolsuper, rolcreaterole, ${setting('fsync')} AS fsync,
                ${setting('synchronous_commit')} AS commit, ${setting('listen_addresses')} AS listens,
                ${setting('password_encryption')} AS passwords, ${setting('server_encoding')} AS encoding,
                ${setting('data_checksums')} AS checksums, ${setting('TimeZone')} AS zone
           FROM pg_roles WHERE rolname = current_user`,
      ),
    ).toEqual({
      role: 'waypost',
      rolsuper: false,
      rolcreaterole: false,
      fsync: 'on',
      commit: 'on',
      listens: '127.0.0.1',
      passwords: 'scram-sha-256',
      encoding: 'UTF8',
      checksums: 'on',
      zone: 'UTC',
    });
    expect(await ask(postgres.ownerUrl, 'SELECT current_user AS role')).toEqual({ role: 'waypost_owner' });
    const wrong = new URL(postgres.url);
    wrong.password = 'guess';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    for (const file of ['postgres.credentials.json', 'postgres.log']) {
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(dataDir).mode & 0o066).toBe(0);
    await postgres.stop();
    await postgres.stop();
    expect(processesIn(home)).toEqual([]);
  }, 30_000);

  it('keeps its data, passwords and port from one start to the next', async () => {
    const first = await start();
    await ask(first.ownerUrl, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual({ n: 7 });
  }, 30_000);

  it('takes another port when somebody else has the one of last time', async () => {
    const first = await start();
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    try {
      const second = await start();
      expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
      expect(await ask(second.url, 'SELECT 1 AS one')).toEqual({ one: 1 });
    } finally {
      squatter.close();
    }
  }, 30_000);

  it('refuses a data directory that another process uses, and names that process', async () => {
    const holder = probe();
    await urlOf(holder);
    await expect(start()).rejects.toThrow(
      `Another process (pid ${String(holder.child.pid)}) already uses the data directory ${dataDir}: stop it, or set DATA_DIR to a directory of its own.`,
    );
    const alone = await start(join(home, 'other'));
    await expect(start(join(home, 'other'))).rejects.toThrow('already uses the data directory');
    expect(await ask(alone.url, 'SELECT 1 AS one')).toEqual({ one: 1 });
  }, 30_000);

  it('answers until the last moment when a signal comes to the whole process group, then leaves nothing', async () => {
    const drained = probe();
    await urlOf(drained);
    process.kill(-(drained.child.pid ?? 0), 'SIGTERM');
    expect(await drained.line()).toBe('drained 1');
    expect(await drained.ended).toMatchObject({ code: 0, errors: '' });
    expect(processesIn(home)).toEqual([]);
  }, 30_000);

  it('F12: takes over the PostgreSQL that kill -9 left behind, and leaves nothing when it stops', async () => {
    let expected: number | undefined;
    for (let round = 0; round < 3; round++) {
      const killed = probe();
      const url = await urlOf(killed);
      expected ??= findPostmaster(dataDir)?.pid;
      await ask(url, 'SELECT 1');
      await kill(killed);
    }
    const next = await start();
    expect(findPostmaster(dataDir)?.pid).toBe(expected);
    expect(await ask(next.url, 'SELECT 1 AS one')).toEqual({ one: 1 });
    // The guardians of the dead would have stopped it by now.
    await sleep(5 * SECOND);
    expect(findPostmaster(dataDir)?.pid).toBe(expected);
    await next.stop();
    expect(processesIn(home)).toEqual([]);
  }, 60_000);

  it('does not take over a PostgreSQL that it would start otherwise', async () => {
    const killed = probe();
    const port = Number(new URL(await urlOf(killed)).port);
    const before = findPostmaster(dataDir)?.pid;
    await kill(killed);
    const other = await freePort();
    const next = await EmbeddedPostgres.start({ dataDir, port: other, log: silent });
    opened.push(next);
    expect(other).not.toBe(port);
    expect(Number(new URL(next.url).port)).toBe(other);
    expect(findPostmaster(dataDir)?.pid).not.toBe(before);
    expect(await ask(next.url, 'SELECT 1 AS one')).toEqual({ one: 1 });
  }, 30_000);

  it('F12: leaves nothing a few seconds after kill -9 when nobody comes back', async () => {
    const killed = probe();
    await urlOf(killed);
    await kill(killed);
    expect(processesIn(home)).not.toEqual([]);
    expect(await eventually(() => processesIn(home).length === 0, 10 * SECOND)).toBe(true);
    expect(readFileSync(join(dataDir, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  }, 30_000);

  it('is made whole by the next start after kill -9 at any moment of the first one', async () => {
    for (const afterMs of [0, 200, 400, 600, 800, 1000, 1300]) {
      const dir = join(home, `killed-after-${String(afterMs)}`);
      const killed = probe(dir);
      await killed.line();
      await sleep(afterMs);
      await kill(killed);
      const next = await start(dir);
      expect(await ask(next.url, 'SELECT current_user AS role')).toEqual({ role: 'waypost' });
      expect(await ask(next.ownerUrl, 'CREATE TABLE t (n int)')).toBeUndefined();
      expect(await ask(next.url, 'SELECT count(*)::int AS n FROM t')).toEqual({ n: 0 });
      await next.stop();
    }
    expect(await eventually(() => processesIn(home).length === 0, 10 * SECOND)).toBe(true);
  }, 120_000);

  it('comes back on the same address when PostgreSQL itself is killed', async () => {
    const postgres = await start();
    await ask(postgres.ownerUrl, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    const pid = findPostmaster(dataDir)?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    const isBack = async (): Promise<boolean> =>
      ask(postgres.url, 'SELECT n FROM kept').then(
        (row) => row?.['n'] === 7,
        () => false,
      );
    expect(await eventually(isBack, 20 * SECOND)).toBe(true);
    expect(findPostmaster(dataDir)?.pid).not.toBe(pid);
    await postgres.stop();
    expect(processesIn(home)).toEqual([]);
  }, 40_000);

  it('says in one sentence why a data directory cannot be used', async () => {
    const sentence = async (): Promise<string> =>
      start().then(
        () => 'started',
        (error: unknown) => (error as Error).message,
      );
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    expect(await sentence()).toBe(
      `${join(dataDir, 'postgres')} is not a database: move it away, or restore it from a backup.`,
    );
    rmSync(join(dataDir, 'postgres'), { recursive: true });
    await (await start()).stop();
    const credentials = readFileSync(join(dataDir, 'postgres.credentials.json'));
    rmSync(join(dataDir, 'postgres.credentials.json'));
    expect(await sentence()).toMatch(/^The passwords of the database are missing or cannot be read/);
    writeFileSync(join(dataDir, 'postgres.credentials.json'), credentials);
    const version = readFileSync(join(dataDir, 'postgres/PG_VERSION'));
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '17\n');
    expect(await sentence()).toMatch(/was made by PostgreSQL 17 and this build brings 18/);
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), version);
    writeFileSync(join(dataDir, 'postgres/postgresql.auto.conf'), 'no_such_setting = on\n');
    expect(await sentence()).toMatch(/^PostgreSQL did not start: .*postgresql.auto.conf/);
    writeFileSync(join(dataDir, 'postgres/postgresql.auto.conf'), '');
    expect(await sentence()).toBe('started');
  }, 60_000);

  it('works below a closed directory and at a path longer than a socket may have', async () => {
    const deep = join(home, 'closed', 'd'.repeat(100), 'e'.repeat(60));
    mkdirSync(join(home, 'closed'), { mode: 0o700 });
    const postgres = await start(deep);
    expect(await ask(postgres.url, 'SELECT 1 AS one')).toEqual({ one: 1 });
    await postgres.stop();
    await (await start(deep)).stop();
    expect(statSync(join(home, 'closed')).mode & 0o777).toBe(0o700);
    expect(processesIn(home)).toEqual([]);
  }, 30_000);
});
