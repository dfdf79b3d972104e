import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrate, type MigrationResult } from '../../src/platform/prisma/migrator.js';
import { startProbe } from '../support/processes.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const SCHEMA = `
datasource db {
  provider = "postgresql"
}

model Author {
  id    String @id
  books Book[]
  @@map("author")
}

model Book {
  id       String @id
  authorId String @map("author_id")
  author   Author @relation(fields: [authorId], references: [id])
  @@map("book")
}
`;

const MIGRATIONS = {
  '1_author': `CREATE TABLE author (id TEXT PRIMARY KEY);
    SELECT pg_advisory_xact_lock(11);
    CREATE FUNCTION no_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'author; is; fixed'; END; $$;
    SELECT pg_advisory_xact_lock(12);
    CREATE TRIGGER fixed BEFORE UPDATE ON author FOR EACH ROW EXECUTE FUNCTION no_change();`,
  '2_book': `SELECT pg_advisory_xact_lock(21);
    CREATE TABLE book (id TEXT PRIMARY KEY, author_id TEXT NOT NULL REFERENCES author);
    SELECT pg_advisory_xact_lock(22);
    INSERT INTO author VALUES ('one;two'); -- a comment; with a semicolon
    SELECT pg_advisory_xact_lock(23);`,
};

describe(migrate.name, () => {
  let database: TestDatabase;
  let home: string;
  let client: pg.Client;
  const told: string[] = [];

  const write = (name: string, sql: string): void => {
    mkdirSync(join(home, 'migrations', name), { recursive: true });
    writeFileSync(join(home, 'migrations', name, 'migration.sql'), sql);
  };
  const options = (lockPatienceMs = 20_000): Parameters<typeof migrate>[1] => ({
    migrationsDir: join(home, 'migrations'),
    schemaPath: join(home, 'schema.prisma'),
    log: { info: (line: string) => told.push(line), warn: (line: string) => told.push(line) },
    lockPatienceMs,
  });
  const run = (lockPatienceMs?: number): Promise<MigrationResult> =>
    migrate(database.ownerUrl, options(lockPatienceMs));
  const refusal = (lockPatienceMs?: number): Promise<string> =>
    run(lockPatienceMs).then(
      () => 'migrated',
      (error: unknown) => (error as Error).message,
    );
  const probe = (): ReturnType<typeof startProbe> =>
    startProbe('migrate.probe.ts', database.ownerUrl, join(home, 'migrations'), join(home, 'schema.prisma'));
  const ask = async <T>(query: string, ...values: unknown[]): Promise<T[]> =>
    (await client.query<Record<string, T>>({ text: query, values })).rows.flatMap((row) => Object.values(row));
  const tables = (): Promise<string[]> =>
    ask(`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`);

  beforeEach(async () => {
    database = await createEmptyDatabase();
    home = mkdtempSync(join(tmpdir(), 'waypost-migrations-'));
    writeFileSync(join(home, 'schema.prisma'), SCHEMA);
    for (const [name, sql] of Object.entries(MIGRATIONS)) write(name, sql);
    told.length = 0;
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
  }, 60_000);

  afterEach(async () => {
    await client.end();
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  });

  it('applies every migration once, with what is written in them by hand', async () => {
    expect(await run()).toEqual({ applied: ['1_author', '2_book'], total: 2 });
    expect(await run()).toEqual({ applied: [], total: 2 });
    expect(await tables()).toEqual(['_prisma_migrations', 'author', 'book']);
    expect(await ask('SELECT id FROM author')).toEqual(['one;two']);
    await expect(ask(`UPDATE author SET id = 'x'`)).rejects.toThrow('author; is; fixed');
    write('3_more', 'CREATE TABLE more (id int)');
    expect(await run()).toEqual({ applied: ['3_more'], total: 3 });
    expect(told).toEqual(['1_author', '2_book', '3_more'].map((name) => `Applied the migration ${name}.`));
  }, 30_000);

  it('F24: is applied once when five processes start at the same moment', async () => {
    const results = await Promise.all(
      Array.from({ length: 5 }, async () => JSON.parse(await probe().line()) as MigrationResult),
    );
    expect(results.flatMap(({ applied }) => applied)).toEqual(['1_author', '2_book']);
    expect(await ask('SELECT count(*)::int FROM _prisma_migrations')).toEqual([2]);
  }, 60_000);

  it('F24: leaves each migration whole or absent after kill -9 in any of its statements', async () => {
    const whole: Record<number, string[]> = { 1: [], 2: ['_prisma_migrations', 'author'] };
    for (const statement of [11, 12, 21, 22, 23]) {
      await ask('SELECT pg_advisory_lock($1)', statement);
      const killed = probe();
      const waits = `SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted`;
      while ((await ask<number>(waits, statement))[0] === 0) await sleep(20);
      killed.child.kill('SIGKILL');
      await killed.ended;
      // The server notices by itself that nobody listens any more, although the statement still waits.
      while ((await ask<number>(waits, statement))[0] !== 0) await sleep(20);
      await ask('SELECT pg_advisory_unlock($1)', statement);
      expect(await tables()).toEqual(whole[Math.floor(statement / 10)]);
    }
    expect(await run()).toEqual({ applied: ['2_book'], total: 2 });
    expect(await ask('SELECT id FROM author')).toEqual(['one;two']);
  }, 60_000);

  it('F24: changes nothing by a migration that fails, names it, and goes on once it is mended', async () => {
    write('2_book', `${MIGRATIONS['2_book']} SELECT 1/0;`);
    expect(await refusal()).toBe('The migration 2_book failed and changed nothing: division by zero');
    expect(await tables()).toEqual(['_prisma_migrations', 'author']);
    expect(await ask('SELECT migration_name FROM _prisma_migrations')).toEqual(['1_author']);
    write('2_book', MIGRATIONS['2_book']);
    expect(await run()).toEqual({ applied: ['2_book'], total: 2 });
  }, 30_000);

  it('refuses a migration that ends the transaction it is run in', async () => {
    write('2_book', 'CREATE TABLE book (id TEXT); COMMIT; CREATE TABLE other (id TEXT);');
    expect(await refusal()).toMatch(/^The migration 2_book .*it ends the transaction that it is run in/);
  }, 30_000);

  it('F24: refuses a database of a newer version, and names the migration', async () => {
    write('3_newer', 'CREATE TABLE newer (id int)');
    await run();
    rmSync(join(home, 'migrations/3_newer'), { recursive: true });
    expect(await refusal()).toMatch(/^The database holds the migration 3_newer, which this build does not know: /);
  }, 30_000);

  it('refuses a migration that was changed after it had been applied', async () => {
    await run();
    write('1_author', `${MIGRATIONS['1_author']} `);
    expect(await refusal()).toMatch(/^The migration 1_author was changed after it had been applied/);
  }, 30_000);

  it('refuses a migration that another tool left unfinished', async () => {
    await run();
    await ask(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '2_book'`);
    expect(await refusal()).toMatch(/^The migration 2_book was begun by another tool and never finished/);
  }, 30_000);

  it('F24: refuses a database that says it is migrated and is not', async () => {
    await run();
    await ask('ALTER TABLE book DROP COLUMN author_id');
    expect(await refusal()).toBe('The table "book" lacks the column "author_id", though every migration was applied.');
    await ask('DROP TABLE book');
    expect(await refusal()).toBe('The database lacks the table "book", though every migration was applied.');
  }, 30_000);

  it('F24: is not deceived by an engine in the environment that does nothing', async () => {
    process.env['PRISMA_SCHEMA_ENGINE_BINARY'] = '/bin/true';
    try {
      expect(JSON.parse(await probe().line())).toMatchObject({ applied: ['1_author', '2_book'] });
    } finally {
      delete process.env['PRISMA_SCHEMA_ENGINE_BINARY'];
    }
    expect(await tables()).toEqual(['_prisma_migrations', 'author', 'book']);
  }, 30_000);

  it('waits for another instance for a while, and says so', async () => {
    await ask('SELECT pg_advisory_lock(8746509127)');
    expect(await refusal(500)).toMatch(/^Another instance has been migrating the database for more than 0.5 seconds/);
    expect(told).toEqual(['Another instance migrates the database: waiting for it.']);
    const waiting = run();
    await sleep(300);
    await ask('SELECT pg_advisory_unlock(8746509127)');
    expect(await waiting).toEqual({ applied: ['1_author', '2_book'], total: 2 });
  }, 30_000);

  it('says why a database cannot be reached, without its password', async () => {
    const nowhere = await migrate('postgresql://u:secret@127.0.0.1:1/x', options()).catch((error: unknown) => error);
    expect(String(nowhere)).toMatch(/The database cannot be reached: .*ECONNREFUSED/);
    expect(String(nowhere)).not.toContain('secret');
    const wrong = new URL(database.ownerUrl);
    wrong.password = 'secret';
    const denied = await migrate(wrong.href, options()).catch((error: unknown) => error);
    expect(String(denied)).toMatch(/The database cannot be reached: password authentication failed/);
  }, 30_000);

  it('has led, in this repository, to the schema that the code is generated from', async () => {
    expect(readFileSync('prisma/migrations/schema.snapshot', 'utf8')).toBe(
      readFileSync('prisma/schema.prisma', 'utf8'),
    );
    const own = await createTestDatabase();
    const again = await migrate(own.ownerUrl, {
      ...options(),
      migrationsDir: 'prisma/migrations',
      schemaPath: 'prisma/schema.prisma',
    });
    expect(again.applied).toEqual([]);
    await own.drop();
  }, 30_000);
});
