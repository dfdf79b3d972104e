import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Injectable, Logger } from '@nestjs/common';
import { fromPrisma, type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss';

import { DatabaseConfig } from '../../config/config.slices.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import type { Transaction } from '../prisma/transactions.js';
import type { DataOfJob, JobDefinition } from './job-definition.js';
import { JobsUnavailableError } from './jobs.errors.js';

const SCHEMA = 'pgboss';
const CONNECTIONS = 3;
/** New jobs are announced by NOTIFY; the poll is for what comes due later and for what a lost connection missed. */
const POLL_SECONDS = 1;
/** Jobs of one kind that this process runs at once; while as many are found, the next are fetched without a pause. */
const AT_ONCE = 5;
const RECONNECT_MS = 1000;
/** How long an enqueueing waits for the start of the process to come this far. */
const START_PATIENCE_MS = 3000;
/** Jobs that are still running by then are given back and run again elsewhere. */
const STOP_PATIENCE_MS = 5000;
const KEEP_DONE_SECONDS = 24 * 3600;

type Handler = (data: object) => Promise<void>;

interface Registration {
  readonly definition: JobDefinition;
  readonly handle: Handler;
}

interface JobSchedule {
  readonly definition: JobDefinition;
  readonly cron: string;
}

/**
 * Work that is done later, at least once, by one of the processes. A job that is enqueued in a transaction exists when
 * that transaction commits, and not otherwise. A handler that throws is called again.
 */
@Injectable()
export class Jobs {
  private readonly logger = new Logger(Jobs.name);
  private readonly boss: PgBoss;
  private readonly registrations: Registration[] = [];
  private readonly schedules: JobSchedule[] = [];
  private readonly started = Promise.withResolvers<undefined>();
  private isStarted = false;
  private isStopping = false;
  private isLookingInto = false;

  constructor(@Inject(DatabaseConfig) config: DatabaseConfig, lifecycle: Lifecycle) {
    this.boss = new PgBoss({
      connectionString: config.url,
      application_name: 'waypost jobs',
      schema: SCHEMA,
      max: CONNECTIONS,
      useListenNotify: true,
      connectionTimeoutMillis: 5000,
      warningSlowQuerySeconds: 60,
      monitorVacuum: false,
    });
    // Some of its errors are plain objects that carry the statement: the message is what is told.
    this.boss.on('error', ({ message }) => {
      void this.lookInto(new Error(message));
    });
    this.boss.on('warning', ({ message }) => {
      this.logger.debug({ warning: message }, 'the job queue warns');
    });
    lifecycle.onStart('jobs', () => this.start());
    lifecycle.onDrain('jobs', 'jobs', () => this.stop());
  }

  /** Call it in `onModuleInit`: the queue is made, and worked on, when the process starts. */
  register<J extends JobDefinition>(definition: J, handle: (data: DataOfJob<J>) => Promise<void>): void {
    this.registrations.push({ definition, handle: handle as Handler });
  }

  /** Enqueues a registered job at these times (cron, UTC); several processes together enqueue it once. */
  schedule(definition: JobDefinition, cron: string): void {
    this.schedules.push({ definition, cron });
  }

  async enqueue<J extends JobDefinition>(tx: Transaction, definition: J, data: DataOfJob<J>): Promise<void> {
    if (!this.isStarted)
      await Promise.race([this.started.promise, sleep(START_PATIENCE_MS, undefined, { ref: false })]);
    if (!this.isStarted) throw new JobsUnavailableError();
    await this.boss.send(definition.name, data, { db: fromPrisma(tx.db) });
  }

  /** A queue that cannot start keeps nothing else from starting. */
  private async start(): Promise<void> {
    if (await this.tryToStart(true)) return;
    void this.startLater();
  }

  private async startLater(): Promise<void> {
    do await sleep(RECONNECT_MS);
    while (!this.isStopping && !(await this.tryToStart(false)));
  }

  private async tryToStart(isFirst: boolean): Promise<boolean> {
    try {
      await this.boss.start();
      for (const registration of this.registrations) await this.work(registration);
      for (const { definition, cron } of this.schedules) await this.boss.schedule(definition.name, cron);
      this.isStarted = true;
      this.started.resolve(undefined);
      return true;
    } catch (error) {
      if (isFirst) this.logger.warn({ err: error }, 'the job queue cannot start yet and will try again');
      return false;
    }
  }

  private async work(registration: Registration): Promise<void> {
    const { name, retries, expiresInSeconds } = registration.definition;
    const options = {
      retryLimit: retries.limit,
      retryDelay: retries.delaySeconds,
      retryDelayMax: retries.maxDelaySeconds,
      retryBackoff: true,
      expireInSeconds: expiresInSeconds,
      deleteAfterSeconds: KEEP_DONE_SECONDS,
      notify: true,
    };
    await this.boss.createQueue(name, options);
    await this.boss.updateQueue(name, options);
    await this.boss.work(
      name,
      {
        batchSize: AT_ONCE,
        burstWhenBatchFull: true,
        perJobResults: true,
        includeMetadata: true,
        pollingIntervalSeconds: POLL_SECONDS,
        notifyPollingIntervalSeconds: POLL_SECONDS,
      },
      (jobs: JobWithMetadata[]) => Promise.all(jobs.map((job) => this.run(job, registration))),
    );
  }

  private async run(
    { id, data, retryCount }: JobWithMetadata,
    { definition, handle }: Registration,
  ): Promise<JobResult> {
    try {
      await handle(data);
      return { id, status: 'completed' };
    } catch (error) {
      const fields = { err: error, job: definition.name, jobId: id, failures: retryCount + 1 };
      if (retryCount >= definition.retries.limit) this.logger.error(fields, 'a job failed for the last time');
      else this.logger.warn(fields, 'a job failed and will be tried again');
      // The queue keeps the name of the error only: its text may hold what the job was about.
      return { id, status: 'failed', output: { error: error instanceof Error ? error.name : 'unknown' } };
    }
  }

  private async stop(): Promise<void> {
    this.isStopping = true;
    await this.boss.stop({ graceful: true, timeout: STOP_PATIENCE_MS });
  }

  /** The queue tells every failed poll of every worker: one line when the database goes, one when it is back. */
  private async lookInto(error: Error): Promise<void> {
    if (this.isLookingInto || this.isStopping) return;
    this.isLookingInto = true;
    if (await this.answers()) {
      this.logger.warn({ err: error }, 'the job queue met an error');
    } else {
      this.logger.warn({ err: error }, 'the job queue has lost the database and waits for it');
      await this.untilItAnswers();
    }
    this.isLookingInto = false;
  }

  private async untilItAnswers(): Promise<void> {
    do await sleep(RECONNECT_MS);
    while (!this.isStopping && !(await this.answers()));
    if (!this.isStopping) this.logger.log('the job queue goes on');
  }

  private async answers(): Promise<boolean> {
    try {
      await this.boss.getDb().executeSql('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }
}
