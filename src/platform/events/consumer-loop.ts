import { Logger } from '@nestjs/common';

import { backoffDelay } from '../../kernel/backoff.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { Checkpoints } from '../lifecycle/checkpoints.js';
import type { Transaction, Transactions } from '../prisma/transactions.js';
import type { ConsumerRepository, Cursor } from './consumer.repository.js';
import { type ConsumerPatience, DEFAULT_PATIENCE, type DurableConsumer } from './durable-consumer.js';
import type { JournalEntry, JournalRepository } from './journal.repository.js';

/** Events that one transaction looks at, and how many of the wanted ones it hands over. */
const LOOK_AT = 500;
const PORTION = 100;
/** Other processes write to the journal as well, and an event below a running transaction becomes readable later. */
const POLL_INTERVAL_MS = 500;
/** While events are there that cannot be read yet, or another process holds the cursor; it doubles up to the poll. */
const HELD_PAUSE_MS = 10;

/**
 * `more`: there is more to read at once. `done`: all has been read. `held`: there is something, but it cannot be read
 * at this moment. `failed`: the next event waits for its next try.
 */
type Outcome = 'more' | 'done' | 'held' | 'failed';

/** What a portion came to before it ended, well or badly. */
interface Attempt {
  readonly handed: JournalEntry[];
  /** Tries of the first event that had failed before. */
  failures: number;
}

/** Prisma's code for a transaction that ran out of its time: after events were handed over, they are what took it. */
const TRANSACTION_EXPIRED = 'P2028';

/** Something that the consumer needs is missing for now: no event is charged with that, however long it lasts. */
const isOutage = (error: unknown): boolean =>
  error instanceof AppError &&
  error.kind === 'unavailable' &&
  (error.cause as { readonly code?: unknown } | undefined)?.code !== TRANSACTION_EXPIRED;

interface Sources {
  readonly transactions: Transactions;
  readonly cursors: ConsumerRepository;
  readonly journal: JournalRepository;
  readonly checkpoints: Checkpoints;
}

/** Drives one consumer through the journal, portion by portion, each in one transaction with the cursor. */
export class ConsumerLoop {
  private readonly logger = new Logger(ConsumerLoop.name);
  private readonly names: readonly string[];
  private readonly patience: ConsumerPatience;
  private running: Promise<void> | undefined;
  private isStopped = false;
  private isWoken = false;
  private endRest: (() => void) | undefined;
  private portion = PORTION;
  private heldPauseMs = HELD_PAUSE_MS;
  private isWaiting = false;

  constructor(
    private readonly consumer: DurableConsumer,
    private readonly sources: Sources,
  ) {
    this.names = consumer.events.map(({ name }) => name);
    this.patience = consumer.patience ?? DEFAULT_PATIENCE;
  }

  wants(names: ReadonlySet<string>): boolean {
    return this.names.some((name) => names.has(name));
  }

  start(): void {
    this.running = this.run();
  }

  wake(): void {
    this.isWoken = true;
    this.endRest?.();
  }

  /** Resolves when the portion at hand has been committed or rolled back. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      const pauseMs = await this.step();
      if (pauseMs > 0) await this.rest(pauseMs);
    }
  }

  private async rest(pauseMs: number): Promise<void> {
    if (!this.isWoken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        this.endRest = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.endRest = undefined;
    }
    this.isWoken = false;
  }

  /** One look at the journal; answers how long to rest. */
  private async step(): Promise<number> {
    try {
      const outcome = (await this.sources.cursors.isBehind(this.consumer.name)) ? await this.readPortion() : 'done';
      this.tellItGoesOn();
      return this.pauseAfter(outcome);
    } catch (error) {
      this.tellItWaits(error);
      return POLL_INTERVAL_MS;
    }
  }

  private pauseAfter(outcome: Outcome): number {
    if (outcome !== 'held') this.heldPauseMs = HELD_PAUSE_MS;
    if (outcome === 'more') return 0;
    if (outcome !== 'held') return POLL_INTERVAL_MS;
    const pauseMs = this.heldPauseMs;
    this.heldPauseMs = Math.min(POLL_INTERVAL_MS, pauseMs * 2);
    return pauseMs;
  }

  private async readPortion(): Promise<Outcome> {
    const attempt: Attempt = { handed: [], failures: 0 };
    try {
      const outcome = await this.sources.transactions.run((tx) => this.handOver(tx, attempt));
      this.portion = PORTION;
      return outcome;
    } catch (error) {
      const failed = attempt.handed.at(-1);
      if (failed === undefined || isOutage(error)) throw error;
      // What came before the failed event is done first, by itself: then that event is the next one, and is tried alone.
      this.portion = Math.max(1, attempt.handed.length - 1);
      if (attempt.handed.length > 1) return 'more';
      await this.postpone(failed, attempt.failures + 1, error);
      return 'failed';
    }
  }

  /** Hands the next events to the consumer and moves the cursor; `attempt` tells the caller how far it came. */
  private async handOver(tx: Transaction, attempt: Attempt): Promise<Outcome> {
    const { cursors, journal } = this.sources;
    const { name } = this.consumer;
    const cursor = await cursors.lock(name, tx.db);
    if (cursor === null) return 'held';
    const slice = await journal.readAfter({ after: cursor.position, names: this.names, limit: LOOK_AT }, tx.db);
    if (slice.through === undefined) return 'held';
    const entries = this.nextOf(slice.entries, cursor, attempt);
    for (const entry of entries) {
      attempt.handed.push(entry);
      if (attempt.failures >= this.patience.maxFailures) await this.bury(entry, attempt.failures, tx);
      else await this.consume(entry, tx);
    }
    const last = entries.at(-1);
    const isWhole = entries.length === slice.entries.length;
    await cursors.move(name, isWhole || last === undefined ? slice.through : last.position, tx.db);
    return isWhole && !slice.isFull ? 'done' : 'more';
  }

  private async consume({ event }: JournalEntry, tx: Transaction): Promise<void> {
    const { checkpoints } = this.sources;
    checkpoints.pass('K11');
    await this.consumer.consume(event, tx);
    checkpoints.pass('K12');
  }

  /** The entries for this transaction; one that has failed before comes alone. */
  private nextOf(entries: readonly JournalEntry[], cursor: Cursor, attempt: Attempt): readonly JournalEntry[] {
    if (cursor.failures === 0 || entries[0]?.event.id !== cursor.failedEventId) return entries.slice(0, this.portion);
    attempt.failures = cursor.failures;
    return entries.slice(0, 1);
  }

  private async bury({ event }: JournalEntry, failures: number, tx: Transaction): Promise<void> {
    const { name } = this.consumer;
    await this.sources.cursors.bury(name, event.id, `failed ${String(failures)} times`, tx.db);
    tx.afterCommit(() => {
      this.logger.error({ consumer: name, eventId: event.id, event: event.type }, 'an event was dead-lettered');
    });
  }

  private async postpone({ event }: JournalEntry, failures: number, error: unknown): Promise<void> {
    const { name } = this.consumer;
    await this.sources.cursors.fail(name, {
      eventId: event.id,
      failures,
      error: error instanceof Error ? error.name : 'unknown',
      retryInMs: failures >= this.patience.maxFailures ? 0 : backoffDelay(this.patience, failures),
    });
    this.logger.warn(
      { err: error, consumer: name, eventId: event.id, event: event.type, failures },
      'a durable consumer failed at an event and will try again',
    );
  }

  private tellItWaits(error: unknown): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.logger.warn({ err: error, consumer: this.consumer.name }, 'a durable consumer waits for what it needs');
  }

  private tellItGoesOn(): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.logger.log({ consumer: this.consumer.name }, 'a durable consumer goes on');
  }
}
