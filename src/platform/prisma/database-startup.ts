import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Inject, Injectable, Logger } from '@nestjs/common';

import { DatabaseConfig } from '../../config/config.slices.js';
import { backoffDelay } from '../../kernel/backoff.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { isPassingTrouble } from './connection-trouble.js';
import { migrate } from './migrator.js';

const PROJECT = join(fileURLToPath(new URL('.', import.meta.url)), '../../..');
const RETRY = { baseMs: 500, maxMs: 10_000, factor: 1.6 };

/** Brings a database to the schema of this build. */
export const migrateForThisBuild = async (ownerUrl: string, log: Pick<Console, 'info' | 'warn'>): Promise<void> => {
  await migrate(ownerUrl, {
    migrationsDir: join(PROJECT, 'prisma/migrations'),
    schemaPath: join(PROJECT, 'prisma/schema.prisma'),
    log,
  });
};

/** Why this process will never serve with this database, in one sentence. */
export class DatabaseUnusableError extends Error {}

const sentenceOf = (error: unknown): string => (Error.isError(error) ? error.message : String(error));

/**
 * Brings the database to the schema of this build, then lets everything start that waits for it. HTTP listens already:
 * whoever asks learns from `trouble` what the process waits for.
 */
@Injectable()
export class DatabaseStartup {
  private readonly logger = new Logger(DatabaseStartup.name);
  private readonly address: string;
  private readonly stopped = new AbortController();
  private waitsFor: string | undefined = 'The process is starting.';

  constructor(
    @Inject(DatabaseConfig) private readonly config: DatabaseConfig,
    private readonly lifecycle: Lifecycle,
  ) {
    const { hostname, port } = new URL(config.ownerUrl);
    this.address = `${hostname}:${port === '' ? '5432' : port}`;
    lifecycle.onDrain('intake', 'database startup', () => {
      this.stopped.abort();
      return Promise.resolve();
    });
  }

  /** One sentence for people while the process has not started, else undefined. */
  get trouble(): string | undefined {
    return this.waitsFor;
  }

  /**
   * Resolves when everything has started, or when the process is told to stop before. Rejects with one sentence when
   * waiting longer would not help.
   */
  async run(): Promise<void> {
    for (let attempt = 1; !this.lifecycle.isDraining; attempt += 1) {
      try {
        await this.migrate();
        await this.lifecycle.start();
        this.waitsFor = undefined;
        return;
      } catch (error) {
        await this.postpone(error, attempt);
      }
    }
  }

  private async migrate(): Promise<void> {
    await migrateForThisBuild(this.config.ownerUrl, {
      info: (text: string) => {
        this.logger.log(text);
      },
      warn: (text: string) => {
        this.logger.warn(text);
      },
    });
  }

  private async postpone(error: unknown, attempt: number): Promise<void> {
    if (!isPassingTrouble(error)) throw new DatabaseUnusableError(sentenceOf(error), { cause: error });
    const sentence = `The database cannot be reached at ${this.address}.`;
    if (this.waitsFor !== sentence) this.logger.warn({ err: error }, `${sentence} It is tried again until it answers.`);
    this.waitsFor = sentence;
    await sleep(backoffDelay(RETRY, attempt), undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }
}
