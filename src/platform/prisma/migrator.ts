import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expectedColumns } from './expected-columns.js';
import { type MigrationFile, readMigrations } from './migration-files.js';
import { compareHistory, readHistory } from './migration-history.js';
import { MigrationError } from './migration.error.js';
import { SchemaEngine } from './schema-engine.js';

const OLDEST_VERSION = 140_000;
/** "waypost" as a number that no other user of the database is likely to lock. */
const LOCK = 8_746_509_127;
const LOCK_PATIENCE_MS = 120_000;
const LOCK_POLL_MS = 200;

export interface MigrateOptions {
  readonly migrationsDir: string;
  readonly schemaPath: string;
  readonly log: Pick<Console, 'info' | 'warn'>;
  /** How long another instance that migrates is waited for. */
  readonly lockPatienceMs?: number;
}

export interface MigrationResult {
  readonly applied: readonly string[];
  readonly total: number;
}

const reasonOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return String(error);
  // A name with several addresses fails with one error for each of them.
  if ('errors' in error && Array.isArray(error.errors)) return error.errors.map(reasonOf).join('; ');
  return 'message' in error ? String(error.message) : 'unknown';
};

const connect = async (connectionString: string): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 10_000,
    application_name: 'waypost migrate',
  });
  // The failing query tells it; without a listener the event would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw new MigrationError(`The database cannot be reached: ${reasonOf(cause)}`, { cause });
  }
  return client;
};

const requireVersion = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ number: number; name: string }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name`,
  );
  const version = rows[0];
  if (version === undefined || version.number < OLDEST_VERSION) {
    throw new MigrationError(
      `The database is PostgreSQL ${version?.name ?? 'unknown'}: version 14 or later is needed.`,
    );
  }
};

const lock = async (client: pg.Client, { log, lockPatienceMs = LOCK_PATIENCE_MS }: MigrateOptions): Promise<void> => {
  const deadline = performance.now() + lockPatienceMs;
  for (let isTold = false; ; isTold = true) {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [LOCK]);
    if (rows[0]?.got === true) return;
    if (!isTold) log.info('Another instance migrates the database: waiting for it.');
    if (performance.now() > deadline) {
      throw new MigrationError(
        `Another instance has been migrating the database for more than ${String(lockPatienceMs / 1000)} seconds: look at it, then start again.`,
      );
    }
    await sleep(LOCK_POLL_MS);
  }
};

/** One migration and the note that it was applied are one transaction: a kill at any point leaves both or neither. */
const applyOne = async (
  client: pg.Client,
  engine: SchemaEngine,
  file: MigrationFile,
  apply: () => Promise<unknown>,
): Promise<void> => {
  const transaction = async (): Promise<string | undefined> =>
    (await client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id')).rows[0]?.id;
  await client.query('BEGIN');
  try {
    const before = await transaction();
    await apply();
    if ((await transaction()) !== before) {
      throw new Error('it ends the transaction that it is run in (COMMIT or ROLLBACK in the file)');
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const cause = engine.failure ?? error;
    throw new MigrationError(`The migration ${file.name} failed and changed nothing: ${reasonOf(cause)}`, { cause });
  }
};

const applyAll = async (
  client: pg.Client,
  files: readonly MigrationFile[],
  pending: readonly MigrationFile[],
  options: MigrateOptions,
): Promise<void> => {
  const engine = await SchemaEngine.on(client, readFileSync(options.schemaPath, 'utf8'));
  const done = new Set(files.filter((file) => !pending.includes(file)));
  try {
    for (const file of pending) {
      done.add(file);
      // The engine applies all that it is shown and does not find in the database, which is this one.
      const shown = files.filter((other) => done.has(other));
      await applyOne(client, engine, file, () => engine.apply(options.migrationsDir, shown));
      options.log.info(`Applied the migration ${file.name}.`);
    }
  } finally {
    engine.free();
  }
};

const requireColumns = async (client: pg.Client, schemaPath: string): Promise<void> => {
  const { rows } = await client.query<{ table: string; columns: string[] }>(
    `SELECT c.relname AS table, array_agg(a.attname::text) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.relname`,
  );
  const present = new Map(rows.map(({ table, columns }) => [table, new Set(columns)]));
  for (const [table, columns] of expectedColumns(readFileSync(schemaPath, 'utf8'))) {
    const found = present.get(table);
    if (found === undefined)
      throw new MigrationError(`The database lacks the table "${table}", though every migration was applied.`);
    const missing = columns.find((column) => !found.has(column));
    if (missing !== undefined) {
      throw new MigrationError(
        `The table "${table}" lacks the column "${missing}", though every migration was applied.`,
      );
    }
  }
};

/**
 * Brings the database to the schema of this build, and returns only when it is there. Several instances may call it
 * at once, and each call may be killed at any moment.
 */
export const migrate = async (connectionString: string, options: MigrateOptions): Promise<MigrationResult> => {
  const files = readMigrations(options.migrationsDir);
  const client = await connect(connectionString);
  try {
    await requireVersion(client);
    // A killed instance must not hold its locks until a long statement ends, nor wait for ever for somebody else's.
    await client.query(`SET client_connection_check_interval = '1s'; SET lock_timeout = '30s'`);
    await lock(client, options);
    const pending = compareHistory(files, await readHistory(client));
    if (pending.length > 0) await applyAll(client, files, pending, options);
    const left = compareHistory(files, await readHistory(client));
    if (left.length > 0) {
      throw new MigrationError(`The migration ${left[0]?.name ?? ''} is not in the database although it was run.`);
    }
    await requireColumns(client, options.schemaPath);
    return { applied: pending.map(({ name }) => name), total: files.length };
  } finally {
    await client.end().catch(() => undefined);
  }
};
