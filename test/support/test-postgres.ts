import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { hasCode } from '../../src/platform/embedded-postgres/embedded-postgres.error.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const START_TIMEOUT_MS = 60_000;

/** The PostgreSQL of this run of Jest, with a migrated database to copy. */
export interface TestServer {
  readonly superuserUrl: string;
  readonly ownerUrl: string;
  readonly url: string;
}

/** A fresh, migrated database that no other test sees. */
export interface TestDatabase {
  readonly url: string;
  readonly ownerUrl: string;
  readonly drop: () => Promise<void>;
}

/** The process that ends with the run: Jest itself, also when asked from one of its workers. */
const runOf = (): number => (process.argv[1]?.includes('jest-worker') === true ? process.ppid : process.pid);

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

const startServer = (dir: string): void => {
  const log = openSync(join(dir, 'log'), 'a');
  const loader = join(HERE, 'ts-loader.mjs');
  spawn(process.execPath, ['--import', loader, join(HERE, 'test-postgres.process.ts'), dir, String(runOf())], {
    cwd: join(HERE, '../..'),
    env: { ...process.env, NODE_OPTIONS: '' },
    // It belongs to the whole run, not to the worker that happened to need it first.
    detached: true,
    stdio: ['ignore', log, log],
  }).unref();
  closeSync(log);
};

const findServer = async (): Promise<TestServer> => {
  const dir = join(tmpdir(), `waypost-test-${String(runOf())}`);
  try {
    mkdirSync(dir, { mode: 0o711 });
    startServer(dir);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const ready = read(join(dir, 'ready.json'));
    if (ready !== undefined) return JSON.parse(ready) as TestServer;
    const failure = read(join(dir, 'failed'));
    if (failure !== undefined) throw new Error(`The PostgreSQL of the tests did not start: ${failure}`);
    await sleep(25);
  }
  throw new Error(`The PostgreSQL of the tests did not start: ${read(join(dir, 'log')) ?? 'it left no word'}`);
};

const asSuperuser = async (server: TestServer, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: server.superuserUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

const inDatabase = (url: string, name: string): string => {
  const changed = new URL(url);
  changed.pathname = name;
  return changed.href;
};

const make = async (template: string): Promise<TestDatabase> => {
  const server = await findServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(server, `CREATE DATABASE ${name} TEMPLATE ${template} OWNER waypost_owner`);
  await asSuperuser(server, `GRANT CREATE, CONNECT, TEMPORARY ON DATABASE ${name} TO waypost`);
  return {
    url: inDatabase(server.url, name),
    ownerUrl: inDatabase(server.ownerUrl, name),
    drop: () => asSuperuser(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
};

/** Makes a copy of the migrated database; the server starts with the first one and ends with the run. */
export const createTestDatabase = (): Promise<TestDatabase> => make('waypost');

/** Makes a database without a table. */
export const createEmptyDatabase = (): Promise<TestDatabase> => make('template0');
