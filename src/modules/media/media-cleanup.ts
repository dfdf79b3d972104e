import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { MediaConfig } from '../../config/config.slices.js';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { SessionRemovals } from '../sessions/index.js';
import { MediaLibrary } from './media-library.js';
import { MediaRepository } from './media.repository.js';
import { BlobStore } from './stores/blob-store.js';

const SET = 200;
/** Bytes without a row may belong to one that is about to be written. */
const ORPHAN_AGE_MS = 24 * 3_600_000;

const CleanUpMedia = defineJob()({
  name: 'media-cleanup',
  retries: { limit: 3, delaySeconds: 60, maxDelaySeconds: 600 },
  expiresInSeconds: 3600,
});

/** What a clean-up has removed, or would remove. */
export interface CleanupReport {
  readonly files: number;
  readonly bytes: number;
  /** Bytes in the store that no file refers to. */
  readonly orphans: number;
}

/** Removes files whose time is over, and bytes that no file refers to. */
@Injectable()
export class MediaCleanup implements OnModuleInit {
  private readonly logger = new Logger(MediaCleanup.name);

  constructor(
    private readonly media: MediaRepository,
    private readonly library: MediaLibrary,
    @Inject(BlobStore) private readonly blobs: BlobStore,
    @Inject(MediaConfig) private readonly config: MediaConfig,
    private readonly jobs: Jobs,
    private readonly removals: SessionRemovals,
  ) {}

  onModuleInit(): void {
    this.removals.add((sessionId) => this.removeOfSession(sessionId));
    this.jobs.register(CleanUpMedia, async () => {
      const report = await this.run({ isDryRun: false });
      this.logger.log(report, 'media were cleaned up');
    });
    this.jobs.schedule(CleanUpMedia, '17 3 * * *');
  }

  async run({ isDryRun }: { readonly isDryRun: boolean }): Promise<CleanupReport> {
    let files = 0;
    let bytes = 0;
    for (let after = ''; ;) {
      const outdated = await this.media.findOutdated(this.config.unusedDays, after, SET);
      for (const media of outdated) {
        if (!isDryRun && !(await this.library.remove(media))) continue;
        files += 1;
        bytes += media.size;
      }
      after = outdated.at(-1)?.id ?? '';
      if (outdated.length < SET) break;
    }
    return { files, bytes, orphans: await this.removeOrphans(isDryRun) };
  }

  /** After its messages, so that none is left that needs a file. */
  private async removeOfSession(sessionId: string): Promise<void> {
    for (;;) {
      const files = await this.media.findOfSession(sessionId, SET);
      if (files.length === 0) return;
      for (const media of files) await this.library.remove(media);
    }
  }

  private async removeOrphans(isDryRun: boolean): Promise<number> {
    let orphans = 0;
    for await (const sha256 of this.blobs.list(new Date(Date.now() - ORPHAN_AGE_MS))) {
      if (await this.library.removeOrphan(sha256, isDryRun)) orphans += 1;
    }
    return orphans;
  }
}
