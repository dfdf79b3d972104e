/**
 * Makes the next migration from the change of prisma/schema.prisma, offline: `npm run migration -- add_templates`.
 * What the last migration led to is kept beside the migrations, so that neither a database nor the migrations, with
 * what is written into them by hand, has to be read.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { prepare } from './prepare.mjs';
import { Fault, inRoot, main, ROOT, say } from './project.mjs';

/* global WebAssembly */

const SCHEMA = inRoot('prisma', 'schema.prisma');
const MIGRATIONS = inRoot('prisma', 'migrations');
const SNAPSHOT = join(MIGRATIONS, 'schema.snapshot');
const EMPTY = 'datasource db {\n  provider = "postgresql"\n}\n';

/** The engine asks any database for its version before it compares; two texts need no more than that answer. */
const versionAnswer = {
  provider: 'postgres',
  adapterName: 'waypost-offline',
  queryRaw: () =>
    Promise.resolve({
      columnNames: ['exists', 'version', 'numeric_version'],
      columnTypes: [5, 7, 0],
      rows: [[true, 'PostgreSQL 14.0', 140_000]],
    }),
  executeRaw: () => Promise.resolve(0),
  executeScript: () => Promise.reject(new Error('There is no database here.')),
  startTransaction: () => Promise.reject(new Error('There is no database here.')),
  dispose: () => Promise.resolve(),
};

const loadEngine = async () => {
  const { bindMigrationAwareSqlAdapterFactory } = await import('@prisma/driver-adapter-utils');
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const code = readFileSync(join(dirname(entry), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const { provider, adapterName } = versionAnswer;
  const connect = () => Promise.resolve(versionAnswer);
  const factory = bindMigrationAwareSqlAdapterFactory({ provider, adapterName, connect, connectToShadowDb: connect });
  return bindings.SchemaEngine.new({ datamodels: [['schema.prisma', EMPTY]] }, () => undefined, factory);
};

const difference = async (from, to) => {
  const engine = await loadEngine();
  const text = (content) => ({ tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] });
  const filters = { externalTables: [], externalEnums: [] };
  const { exitCode, stdout } = await engine.diff({
    from: text(from),
    to: text(to),
    script: true,
    exitCode: true,
    filters,
  });
  return exitCode === 0 ? '' : stdout;
};

const timestamp = () => new Date().toISOString().replace(/\D/g, '').slice(0, 14);

await main(async () => {
  const name = process.argv[2];
  if (name === undefined || !/^[a-z][a-z0-9_]{0,60}$/.test(name)) {
    throw new Fault('Say what the migration does, in lower case: npm run migration -- add_templates');
  }
  await prepare({ build: false });
  const schema = readFileSync(SCHEMA, 'utf8');
  const sql = await difference(existsSync(SNAPSHOT) ? readFileSync(SNAPSHOT, 'utf8') : EMPTY, schema).catch((error) => {
    throw new Fault(`prisma/schema.prisma could not be compared:\n${error.message}`);
  });
  if (sql === '') {
    say('Nothing to migrate: prisma/schema.prisma is what the last migration led to.');
    return;
  }
  const dir = join(MIGRATIONS, `${timestamp()}_${name}`);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'migration.sql'), sql);
  writeFileSync(SNAPSHOT, schema);
  say(`Wrote ${relative(ROOT, join(dir, 'migration.sql'))}: read it, and add by hand what Prisma cannot say.`);
});
