import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError, hasCode } from './embedded-postgres.error.js';

export const DATABASE = 'waypost';
export const SUPERUSER = 'postgres';
/** Owns the database and runs the migrations. */
export const OWNER_ROLE = 'waypost_owner';
/** What the application logs in as: may read and write rows, may not change tables that are not its own. */
export const APP_ROLE = 'waypost';

/** What a start must know of earlier ones. */
export interface PostgresCredentials {
  readonly port?: number;
  readonly passwords: Readonly<Record<typeof SUPERUSER | typeof OWNER_ROLE | typeof APP_ROLE, string>>;
}

const pathIn = (dataDir: string): string => join(dataDir, 'postgres.credentials.json');

const newPassword = (): string => randomBytes(24).toString('base64url');

/** Written aside, synced and renamed: a crash leaves the old file or the new one. */
export const saveCredentials = (dataDir: string, credentials: PostgresCredentials): void => {
  const path = pathIn(dataDir);
  const aside = `${path}.new`;
  const fd = openSync(aside, 'w', 0o600);
  try {
    writeSync(fd, JSON.stringify(credentials));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(aside, path);
};

/** Reads the passwords, or makes them when there is no cluster yet that has others. */
export const loadCredentials = (dataDir: string, hasCluster: boolean): PostgresCredentials => {
  const path = pathIn(dataDir);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PostgresCredentials;
  } catch (cause) {
    if (hasCluster || !hasCode(cause, 'ENOENT')) {
      throw new EmbeddedPostgresError(
        `The passwords of the database are missing or cannot be read (${path}): restore that file from the backup that holds ${dataDir}.`,
        { cause },
      );
    }
  }
  const credentials = {
    passwords: { [SUPERUSER]: newPassword(), [OWNER_ROLE]: newPassword(), [APP_ROLE]: newPassword() },
  };
  saveCredentials(dataDir, credentials);
  return credentials;
};

export const urlOf = (role: keyof PostgresCredentials['passwords'], port: number, to: PostgresCredentials): string =>
  `postgresql://${role}:${to.passwords[role]}@127.0.0.1:${String(port)}/${DATABASE}`;
