import { Inject, Injectable } from '@nestjs/common';

import { Checkpoints } from '../lifecycle/checkpoints.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { Transactions } from '../prisma/transactions.js';
import { ConsumerLoop } from './consumer-loop.js';
import { ConsumerRepository } from './consumer.repository.js';
import type { DurableConsumer } from './durable-consumer.js';
import { OnJournalGrew } from './event-bus.js';
import { JournalRepository } from './journal.repository.js';

/** Runs the durable consumers: each on one process at a time, in the order of the journal. */
@Injectable()
export class ConsumerRunner {
  private readonly loops = new Map<string, ConsumerLoop>();

  constructor(
    private readonly transactions: Transactions,
    private readonly cursors: ConsumerRepository,
    private readonly journal: JournalRepository,
    @Inject(Checkpoints) private readonly checkpoints: Checkpoints,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('durable consumers', () => this.start());
    lifecycle.onDrain('consumers', 'durable consumers', () => this.stop());
  }

  /** The consumers of this process, by the names of their cursors. */
  get names(): readonly string[] {
    return [...this.loops.keys()];
  }

  register(consumer: DurableConsumer): void {
    if (this.loops.has(consumer.name)) throw new Error(`There are two durable consumers named ${consumer.name}.`);
    const { transactions, cursors, journal, checkpoints } = this;
    this.loops.set(consumer.name, new ConsumerLoop(consumer, { transactions, cursors, journal, checkpoints }));
  }

  @OnJournalGrew()
  wake(names: ReadonlySet<string>): void {
    for (const loop of this.loops.values()) if (loop.wants(names)) loop.wake();
  }

  private async start(): Promise<void> {
    for (const name of this.loops.keys()) await this.cursors.register(name);
    for (const loop of this.loops.values()) loop.start();
  }

  private async stop(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.stop()));
  }
}
