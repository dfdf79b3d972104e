import type { Readable } from 'node:stream';

import { Inject, Injectable } from '@nestjs/common';

import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import type { Media, MediaOrigin } from './domain/media.js';
import { MediaIntake } from './media-intake.js';
import { MediaInUseError } from './media.errors.js';
import { MediaRepository, type MediaOwner } from './media.repository.js';
import { BlobStore } from './stores/blob-store.js';

export interface Storing {
  readonly source: MediaOrigin;
  readonly sessionId: string | null;
  readonly fileName: string | null;
  readonly owner: MediaOwner;
  readonly maxBytes: number;
}

/** Keeps rows and bytes together: no row without its bytes, and no bytes for long without a row. */
@Injectable()
export class MediaLibrary {
  constructor(
    private readonly media: MediaRepository,
    private readonly intake: MediaIntake,
    @Inject(BlobStore) private readonly blobs: BlobStore,
    private readonly transactions: Transactions,
  ) {}

  /** `alongWith` shares the transaction, for an entry of the audit trail. */
  store(
    bytes: Readable | Buffer,
    { source, sessionId, fileName, owner, maxBytes }: Storing,
    alongWith: (tx: Transaction, media: Media) => Promise<void> = () => Promise.resolve(),
  ): Promise<Media> {
    return this.intake.receive(bytes, maxBytes, async ({ path, sha256, size, mimeType }) => {
      await this.blobs.put(sha256, path);
      const stored = await this.transactions.run(async (tx) => {
        await this.media.lockBlob(sha256, tx.db);
        const row = { sha256, mimeType, size, fileName: fileName && toSafeName(fileName), source, sessionId, owner };
        const media = await this.media.add(row, tx.db);
        await alongWith(tx, media);
        return media;
      });
      // Somebody may have removed the last file of these bytes between the two.
      if (!(await this.blobs.has(sha256))) await this.blobs.put(sha256, path);
      return stored;
    });
  }

  /** False when it is gone already. Throws when a message that is not sent yet needs it. */
  async remove(
    media: Media,
    alongWith: (tx: Transaction) => Promise<void> = () => Promise.resolve(),
  ): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      await this.media.lockBlob(media.sha256, tx.db);
      if (await this.media.isNeeded(media.id, tx.db)) throw new MediaInUseError(media.id);
      if (!(await this.media.remove(media.id, tx.db))) return false;
      // Before the commit: after it somebody else might begin to refer to the bytes. Rolled back, the row has lost its
      // bytes, which is why it is the last thing that can fail.
      await alongWith(tx);
      if (!(await this.media.isReferred(media.sha256, tx.db))) await this.blobs.remove(media.sha256);
      return true;
    });
  }

  /** Removes bytes that no file refers to; answers whether there were such. */
  async removeOrphan(sha256: string, isDryRun: boolean): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      await this.media.lockBlob(sha256, tx.db);
      if (await this.media.isReferred(sha256, tx.db)) return false;
      if (!isDryRun) await this.blobs.remove(sha256);
      return true;
    });
  }
}

/** A name to show; no path, no control signs, nothing that turns the direction of writing. */
const toSafeName = (name: string): string =>
  (name.toWellFormed().split(/[\\/]/).at(-1) ?? '').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, 255) || 'file';
