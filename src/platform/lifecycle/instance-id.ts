import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** DI token for the name of this installation's process among those that share a database. */
export const InstanceId = Symbol('InstanceId');

const FILE = 'instance-id';

/**
 * A name that survives a restart: one process at a time holds a data directory, so whoever finds its own name on a
 * lease knows that the process that took it is dead, and need not wait for the lease to run out.
 */
export const readInstanceId = (dataDir: string): string => {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, FILE);
  try {
    writeFileSync(path, `${randomUUID()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8').trim();
};
