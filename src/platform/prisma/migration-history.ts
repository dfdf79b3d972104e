import { type Client } from 'pg';
import { hasChecksum, type MigrationFile } from './migration-files.js';
import { MigrationError } from './migration.error.js';

/** What the database remembers of one migration. */
export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly isFinished: boolean;
}

/** Reads what was applied; what was rolled back counts as if it had never been. */
export const readHistory = async (client: Client): Promise<readonly AppliedMigration[]> => {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  );
  if (tables[0]?.exists !== true) return [];
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished"
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
};

/** Returns what is still to be applied; refuses a database that another build has changed. */
export const compareHistory = (
  files: readonly MigrationFile[],
  history: readonly AppliedMigration[],
): readonly MigrationFile[] => {
  for (const applied of history) {
    const file = files.find(({ name }) => name === applied.name);
    if (file === undefined) {
      throw new MigrationError(
        `The database holds the migration ${applied.name}, which this build does not know: it was used by a newer version; start that version, or restore a backup from before it.`,
      );
    }
    if (!applied.isFinished) {
      throw new MigrationError(
        `The migration ${applied.name} was begun by another tool and never finished: restore a backup from before it, or repair it and run "prisma migrate resolve".`,
      );
    }
    if (!hasChecksum(file, applied.checksum)) {
      throw new MigrationError(
        `The migration ${applied.name} was changed after it had been applied (its checksum differs): restore the file as it was and put the change into a new migration.`,
      );
    }
  }
  const done = new Set(history.map(({ name }) => name));
  return files.filter(({ name }) => !done.has(name));
};
