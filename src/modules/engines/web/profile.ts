import { chmod, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { endProcesses, findHolders, type SeenProcess } from './profile-processes.js';

const KILL_MS = 5_000;
const OF_OTHERS = 0o077;

/** Chromium leaves some files open to others; the directory keeps them out, and a copy of it would not. */
const closeToOthers = async (directory: string): Promise<void> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isFile() || each.isDirectory())) {
    const path = join(entry.parentPath, entry.name);
    const { mode } = await lstat(path);
    if ((mode & OF_OTHERS) !== 0) await chmod(path, mode & 0o777 & ~OF_OTHERS);
  }
};

/** The directory in which the browser of one session keeps its login: whoever has it, is the linked device. */
export class Profile {
  readonly directory: string;

  constructor(
    readonly root: string,
    readonly sessionId: string,
  ) {
    // The name that LocalAuth of whatsapp-web.js gives, so that a login made by it can be carried over.
    this.directory = join(root, `session-${sessionId}`);
  }

  /** Makes the directory, for its owner only, and takes it from whatever was left of an earlier process. */
  async prepare(): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    await chmod(this.root, 0o700);
    await chmod(this.directory, 0o700);
    await this.evict();
  }

  /** The processes that hold the profile now. */
  holders(): readonly SeenProcess[] {
    return findHolders(this.directory);
  }

  /** Resolves when none of these, and no other process here, holds the profile any more. */
  async evict(seen: readonly SeenProcess[] = [], graceMs = 0): Promise<void> {
    const areSeenGone = await endProcesses(seen, { graceMs, killMs: KILL_MS });
    const areOthersGone = await endProcesses(findHolders(this.directory), { graceMs: 0, killMs: KILL_MS });
    if (!areSeenGone || !areOthersGone) {
      throw new Error(`A browser keeps hold of the profile of the session "${this.sessionId}" and cannot be killed.`);
    }
    // The owner is gone, or lived on another host: a container that was made anew would never start its browser again.
    const locks = ['SingletonLock', 'SingletonCookie', 'SingletonSocket'];
    await Promise.all(locks.map((name) => rm(join(this.directory, name), { force: true })));
    await closeToOthers(this.directory);
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
