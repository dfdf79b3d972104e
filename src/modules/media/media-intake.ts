import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Inject, Injectable } from '@nestjs/common';

import { StorageConfig } from '../../config/config.slices.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { SNIFFED_BYTES, sniffType } from './sniffed-type.js';
import { MediaTooLargeError } from './media.errors.js';
import { toStorageError } from './stores/storage-errors.js';

/** No intake takes longer; what is older was left by a process that died. */
const ABANDONED_AFTER_MS = 3_600_000;

/** Writing our own file has failed, and not reading somebody else's. */
const isOfTheDisk = (error: unknown): boolean =>
  !(error instanceof AppError) && ['open', 'write', 'close'].includes((error as NodeJS.ErrnoException).syscall ?? '');

/** A whole file on its way into the store. */
export interface ReceivedFile {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly mimeType: string;
}

/** Reads bytes to the end into a file of its own, bounded; whatever happens, the file is gone afterwards. */
@Injectable()
export class MediaIntake {
  private readonly folder: string;

  constructor(@Inject(StorageConfig) { dataDir }: StorageConfig, lifecycle: Lifecycle) {
    this.folder = join(dataDir, 'media', 'incoming');
    lifecycle.onStart('media-intake', () => this.clearUp());
  }

  async receive<T>(bytes: Readable | Buffer, maxBytes: number, use: (file: ReceivedFile) => Promise<T>): Promise<T> {
    const path = join(this.folder, randomUUID());
    try {
      return await use(await this.write(bytes, path, maxBytes));
    } finally {
      await rm(path, { force: true });
    }
  }

  private async write(bytes: Readable | Buffer, path: string, maxBytes: number): Promise<ReceivedFile> {
    const hash = createHash('sha256');
    const head: Buffer[] = [];
    let size = 0;
    const look = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        if (size < SNIFFED_BYTES) head.push(chunk.subarray(0, SNIFFED_BYTES));
        size += chunk.length;
        hash.update(chunk);
        if (size > maxBytes) done(new MediaTooLargeError(maxBytes));
        else done(null, chunk);
      },
    });
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    const source = Buffer.isBuffer(bytes) ? Readable.from([bytes]) : bytes;
    await pipeline(source, look, file).catch((error: unknown) => {
      throw isOfTheDisk(error) ? toStorageError(error) : error;
    });
    return { path, sha256: hash.digest('hex'), size, mimeType: await sniffType(Buffer.concat(head)) };
  }

  private async clearUp(): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const path = join(this.folder, name);
      const { mtimeMs } = await stat(path);
      if (mtimeMs < Date.now() - ABANDONED_AFTER_MS) await rm(path, { force: true });
    }
  }
}
