import { Injectable, Logger } from '@nestjs/common';

import { backoffDelay } from '../../kernel/backoff.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { Transactions } from '../prisma/transactions.js';
import { ConsumerRepository } from './consumer.repository.js';
import type { DurableConsumer } from './durable-consumer.js';
import { OnJournalGrew } from './event-bus.js';
import { type JournalEntry, JournalRepository } from './journal.repository.js';

const BATCH = 200;
/** Other processes write to the journal as well, and an event below a running transaction becomes readable later. */
const POLL_INTERVAL_MS = 500;
const MAX_FAILURES = 8;
const RETRY = { baseMs: 500, maxMs: 60_000, factor: 2 };

interface Runner {
  readonly consumer: DurableConsumer;
  readonly names: ReadonlySet<string>;
  busy: Promise<void> | undefined;
  again: boolean;
}

/** Runs the durable consumers: each on one process at a time, in the order of the journal. */
@Injectable()
export class ConsumerRunner {
  private readonly logger = new Logger(ConsumerRunner.name);
  private readonly runners: Runner[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly transactions: Transactions,
    private readonly consumers: ConsumerRepository,
    private readonly journal: JournalRepository,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('durable consumers', () => this.start());
    lifecycle.onDrain('consumers', 'durable consumers', () => this.stop());
  }

  register(consumer: DurableConsumer): void {
    const names = new Set(consumer.events.map(({ name }) => name));
    this.runners.push({ consumer, names, busy: undefined, again: false });
  }

  @OnJournalGrew()
  wake(): void {
    if (this.timer === undefined) return;
    for (const runner of this.runners) this.poke(runner);
  }

  private async start(): Promise<void> {
    for (const { consumer } of this.runners) await this.consumers.register(consumer.name);
    this.timer = setInterval(() => {
      this.wake();
    }, POLL_INTERVAL_MS);
    this.wake();
  }

  private async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await Promise.all(this.runners.map(({ busy }) => busy));
  }

  private poke(runner: Runner): void {
    if (runner.busy !== undefined) {
      runner.again = true;
      return;
    }
    runner.busy = this.drain(runner).finally(() => {
      runner.busy = undefined;
      if (!runner.again) return;
      runner.again = false;
      if (this.timer !== undefined) this.poke(runner);
    });
  }

  private async drain(runner: Runner): Promise<void> {
    try {
      while (this.timer !== undefined && (await this.readBatch(runner)) === BATCH);
    } catch (error) {
      this.logger.warn({ err: error, consumer: runner.consumer.name }, 'a durable consumer waits for the database');
    }
  }

  /** One transaction for the batch. When an event fails, the batch rolls back and that event is tried alone later. */
  private async readBatch(runner: Runner): Promise<number> {
    const { consumer } = runner;
    let current: JournalEntry | undefined;
    let failures = 0;
    try {
      return await this.transactions.run(async (tx) => {
        const cursor = await this.consumers.lock(consumer.name, tx.db);
        if (cursor === null) return 0;
        failures = cursor.failures;
        const entries = await this.journal.readAfter(cursor.position, failures > 0 ? 1 : BATCH, tx.db);
        const last = entries.at(-1);
        if (last === undefined) return 0;
        for (current of entries) await this.deliver(runner, current, failures, tx);
        current = undefined;
        await this.consumers.move(consumer.name, last.position, tx.db);
        return failures > 0 ? BATCH : entries.length;
      });
    } catch (error) {
      if (current === undefined) throw error;
      await this.postpone(consumer, current, failures, error);
      return 0;
    }
  }

  private async deliver(
    { consumer, names }: Runner,
    { event }: JournalEntry,
    failures: number,
    tx: Parameters<DurableConsumer['consume']>[1],
  ): Promise<void> {
    if (!names.has(event.type)) return;
    if (failures >= MAX_FAILURES) {
      await this.consumers.bury(consumer.name, event.id, `failed ${String(failures)} times`, tx.db);
      this.logger.error(
        { consumer: consumer.name, eventId: event.id, event: event.type },
        'an event was dead-lettered',
      );
      return;
    }
    await consumer.consume(event, tx);
  }

  private async postpone(
    consumer: DurableConsumer,
    { event }: JournalEntry,
    failures: number,
    error: unknown,
  ): Promise<void> {
    this.logger.warn(
      { err: error, consumer: consumer.name, eventId: event.id, event: event.type, failures: failures + 1 },
      'a durable consumer failed at an event and will try again',
    );
    const reason = error instanceof Error ? error.name : 'unknown';
    await this.consumers.fail(consumer.name, reason, backoffDelay(RETRY, failures + 1));
  }
}
