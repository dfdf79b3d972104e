import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { type MigrationFile } from './migration-files.js';

const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** Looks like a pool and is one connection: the engine must work inside the transaction that we hold open on it. */
class SingleConnection extends pg.Pool {
  constructor(private readonly connection: pg.Client) {
    super({ max: 1 });
  }

  override query(...args: unknown[]): never {
    return (this.connection.query as (...given: unknown[]) => never).apply(this.connection, args);
  }
}

/** The engine watches its lock with a timer of ten seconds that it never clears; the process must not wait for it. */
const unheldTimeout = (callback: () => void, ms: number): NodeJS.Timeout => setTimeout(callback, ms).unref();

let isInstantiated = false;

const instantiate = (): void => {
  if (isInstantiated) return;
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const code = new WebAssembly.Module(readFileSync(join(dirname(entry), 'schema_engine_bg.wasm')));
  const imports = Object.entries(bindings).map(([name, value]) => [
    name,
    name.startsWith('__wbg_setTimeout_') ? unheldTimeout : value,
  ]);
  const instance = new WebAssembly.Instance(code, {
    './schema_engine_bg.js': Object.fromEntries(imports) as WebAssembly.ModuleImports,
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
  isInstantiated = true;
};

/** Prisma's schema engine on one connection. */
export class SchemaEngine {
  /** Why the last script failed; the engine itself hands on no more than a number. */
  failure: unknown;

  private constructor(private readonly engine: bindings.SchemaEngine) {}

  static async on(connection: pg.Client, schema: string): Promise<SchemaEngine> {
    instantiate();
    const holder: { engine?: SchemaEngine } = {};
    const adapter = new PrismaPg(new SingleConnection(connection));
    const connect = adapter.connect.bind(adapter);
    adapter.connect = async () => {
      const connected = await connect();
      // The adapter cuts scripts at every semicolon, also inside the body of a function.
      connected.executeScript = async (script) => {
        await connection.query(script).catch((error: unknown) => {
          if (holder.engine !== undefined) holder.engine.failure = error;
          throw error;
        });
      };
      return connected;
    };
    const engine = await bindings.SchemaEngine.new(
      { datamodels: [['schema.prisma', schema]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(adapter),
    );
    holder.engine = new SchemaEngine(engine);
    return holder.engine;
  }

  async apply(migrationsDir: string, files: readonly MigrationFile[]): Promise<readonly string[]> {
    const { appliedMigrationNames } = await this.engine.applyMigrations({
      migrationsList: {
        baseDir: migrationsDir,
        lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
        shadowDbInitScript: '',
        migrationDirectories: files.map(({ name, sql }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
        })),
      },
      filters: NO_FILTERS,
    });
    return appliedMigrationNames;
  }

  free(): void {
    this.engine.free();
  }
}
