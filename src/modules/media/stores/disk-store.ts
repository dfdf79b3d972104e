import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

import { toStorageError } from './storage-errors.js';
import type { BlobStore } from './blob-store.js';

const SHA256 = /^[0-9a-f]{64}$/;

/** Blobs in folders of the first two digits of their hash; nothing that a user chose is part of a path. */
export class DiskStore implements BlobStore {
  constructor(private readonly root: string) {}

  async put(sha256: string, path: string): Promise<void> {
    const target = this.pathOf(sha256);
    const unfinished = `${target}.${randomUUID()}.part`;
    try {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await copyFile(path, unfinished, constants.COPYFILE_EXCL);
      const file = await open(unfinished, 'r+');
      try {
        await file.chmod(0o600);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, target);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw toStorageError(error);
    }
  }

  async has(sha256: string): Promise<boolean> {
    return access(this.pathOf(sha256)).then(
      () => true,
      () => false,
    );
  }

  async open(sha256: string): Promise<Readable> {
    const file = await open(this.pathOf(sha256), 'r').catch((error: unknown) => {
      throw toStorageError(error);
    });
    return file.createReadStream();
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.pathOf(sha256), { force: true });
  }

  async *list(before: Date): AsyncIterable<string> {
    const folders = await opendir(this.root).catch(() => null);
    if (folders === null) return;
    for await (const folder of folders) {
      if (!folder.isDirectory() || folder.name.length !== 2) continue;
      for await (const file of await opendir(join(this.root, folder.name))) {
        const path = join(this.root, folder.name, file.name);
        const isOld = (await stat(path)).mtime < before;
        if (!isOld) continue;
        // What a process that died has left of a file.
        if (file.name.endsWith('.part')) await rm(path, { force: true });
        else if (SHA256.test(file.name)) yield file.name;
      }
    }
  }

  private pathOf(sha256: string): string {
    if (!SHA256.test(sha256)) throw new Error('A blob is named by its SHA-256.');
    return join(this.root, sha256.slice(0, 2), sha256);
  }
}
