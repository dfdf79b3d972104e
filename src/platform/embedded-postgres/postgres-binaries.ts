import { existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError, hasCode, reasonOf } from './embedded-postgres.error.js';

/** Where the programs of PostgreSQL lie on this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

const findPackage = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (package ${name} is not installed): set DATABASE_URL to a PostgreSQL 14 or later.`,
      { cause },
    );
  }
};

const link = (packageDir: string, { source, target }: Link): void => {
  const path = join(packageDir, target);
  if (existsSync(path)) return;
  // Made aside and renamed: another process that starts at this moment sees the whole link or none.
  const aside = `${path}.${String(process.pid)}`;
  rmSync(aside, { force: true });
  symlinkSync(basename(source), aside);
  renameSync(aside, path);
};

/** Finds the programs and makes the library links that npm leaves to an install script, which never runs here. */
export const locateBinaries = (packageDir = findPackage()): PostgresBinaries => {
  const links = JSON.parse(readFileSync(join(packageDir, 'native/pg-symlinks.json'), 'utf8')) as Link[];
  try {
    for (const entry of links) link(packageDir, entry);
  } catch (error) {
    const why = hasCode(error, 'EROFS', 'EACCES', 'EPERM') ? 'the directory cannot be written' : reasonOf(error);
    throw new EmbeddedPostgresError(
      `The libraries of the embedded PostgreSQL in ${packageDir} are not linked and cannot be (${why}): run "node scripts/prepare.mjs" once as the owner of that directory.`,
      { cause: error },
    );
  }
  return { initdb: join(packageDir, 'native/bin/initdb'), postgres: join(packageDir, 'native/bin/postgres') };
};
