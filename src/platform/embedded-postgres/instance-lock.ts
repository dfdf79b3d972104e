import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EmbeddedPostgresError, reasonOf } from './embedded-postgres.error.js';

/** Who uses the data directory, and who watches over its PostgreSQL. */
export interface Occupant {
  readonly pid: number;
  readonly guardian?: { readonly pid: number; readonly startedAt: string } | undefined;
}

const SQLITE_BUSY = 5;

const isBusy = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;

/**
 * Holds a data directory for one process. The lock is the kernel's (SQLite takes it on an empty file), so that
 * `kill -9`, a reused pid or another container on the same volume can neither lose nor keep it.
 */
export class InstanceLock {
  private constructor(
    private readonly file: DatabaseSync,
    private readonly occupantPath: string,
    readonly previous: Occupant | undefined,
  ) {}

  static acquire(dataDir: string): InstanceLock {
    const occupantPath = join(dataDir, 'postgres.occupant.json');
    // Never opened by anything else in this process: closing any descriptor of it would drop the kernel's lock.
    const file = new DatabaseSync(join(dataDir, 'postgres.lock'));
    try {
      file.exec('PRAGMA journal_mode=OFF; PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
    } catch (cause) {
      file.close();
      if (!isBusy(cause)) {
        throw new EmbeddedPostgresError(`The data directory ${dataDir} cannot be locked: ${reasonOf(cause)}.`, {
          cause,
        });
      }
      const pid = readOccupant(occupantPath)?.pid;
      const who = pid === undefined ? 'Another process' : `Another process (pid ${String(pid)})`;
      throw new EmbeddedPostgresError(
        `${who} already uses the data directory ${dataDir}: stop it, or set DATA_DIR to a directory of its own.`,
        { cause },
      );
    }
    const lock = new InstanceLock(file, occupantPath, readOccupant(occupantPath));
    lock.write({ pid: process.pid });
    return lock;
  }

  write(occupant: Occupant): void {
    writeFileSync(this.occupantPath, JSON.stringify(occupant), { mode: 0o600 });
  }

  release(): void {
    rmSync(this.occupantPath, { force: true });
    this.file.close();
  }
}

const readOccupant = (path: string): Occupant | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Occupant;
  } catch {
    return undefined;
  }
};
