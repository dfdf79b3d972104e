import { randomUUID } from 'node:crypto';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';

import { StorageConfig } from '../../config/config.slices.js';
import { RedisConnection } from '../cache/redis-connection.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { DatabaseCheck } from '../prisma/database-check.js';
import { DatabaseStartup } from '../prisma/database-startup.js';
import { type Finding, HealthIndicators } from './health-indicators.js';

/** What fails is told in the log also when nobody asks. */
const WATCH_INTERVAL_MS = 10_000;
const LEAST_FREE_BYTES = 64 * 1024 * 1024;
const WELL: Finding = { isWell: true };

const toFinding = (sentence: string | undefined): Finding =>
  sentence === undefined ? WELL : { isWell: false, sentence };

/** What the platform itself has to say: the process, its database, its Redis and its disk. */
@Injectable()
export class OwnIndicators implements OnModuleInit {
  constructor(
    private readonly indicators: HealthIndicators,
    private readonly lifecycle: Lifecycle,
    private readonly startup: DatabaseStartup,
    private readonly database: DatabaseCheck,
    private readonly redis: RedisConnection,
    @Inject(StorageConfig) private readonly storage: StorageConfig,
  ) {}

  onModuleInit(): void {
    this.indicators.register('process', { critical: true, check: () => this.process() });
    this.indicators.register('database', { critical: true, check: () => this.database.look() });
    if (this.redis.isConfigured) this.indicators.register('redis', { critical: false, check: () => this.cache() });
    this.indicators.register('disk', { critical: false, check: () => this.disk() });
    const watch = setInterval(() => void this.indicators.report(), WATCH_INTERVAL_MS).unref();
    this.lifecycle.onDrain('intake', 'health', () => {
      clearInterval(watch);
      return Promise.resolve();
    });
  }

  private process(): Finding {
    if (this.lifecycle.isDraining) return { isWell: false, sentence: 'The process is shutting down.' };
    if (this.lifecycle.isStarted) return WELL;
    return toFinding(this.startup.trouble ?? 'The process is starting.');
  }

  private async cache(): Promise<Finding> {
    await this.redis.probe();
    return toFinding(this.redis.trouble);
  }

  private async disk(): Promise<Finding> {
    const { dataDir } = this.storage;
    const probe = join(dataDir, `.health-${randomUUID()}`);
    try {
      await writeFile(probe, 'probe');
      await rm(probe, { force: true });
      const { bavail, bsize } = await statfs(dataDir);
      const freeBytes = bavail * bsize;
      return freeBytes < LEAST_FREE_BYTES
        ? { isWell: false, sentence: 'The disk of the data directory is almost full.', detail: { freeBytes } }
        : { isWell: true, detail: { freeBytes } };
    } catch {
      await rm(probe, { force: true }).catch(() => undefined);
      return { isWell: false, sentence: 'The data directory cannot be written.' };
    }
  }
}
