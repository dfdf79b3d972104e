import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationError } from './migration.error.js';

/** One step of the schema as this build brings it. */
export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
}

const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex');

/** A checkout may have changed the ends of lines, which changes nothing for the database. */
export const hasChecksum = ({ sql }: MigrationFile, checksum: string): boolean => {
  const unix = sql.replaceAll('\r\n', '\n');
  return [sql, unix, unix.replaceAll('\n', '\r\n')].some((text) => checksumOf(text) === checksum);
};

/** All migrations in the order in which they are applied. */
export const readMigrations = (dir: string): readonly MigrationFile[] => {
  const names = existsSync(dir)
    ? readdirSync(dir, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];
  if (names.length === 0)
    throw new MigrationError(`There are no migrations in ${dir}: this installation is not whole.`);
  return names.map((name) => {
    const path = join(dir, name, 'migration.sql');
    if (!existsSync(path)) throw new MigrationError(`The migration ${name} has no file migration.sql.`);
    return { name, sql: readFileSync(path, 'utf8') };
  });
};
