import { Injectable, Logger } from '@nestjs/common';

import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import type { Principal } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { BatchMessages } from '../messages/index.js';
import { BatchStateError } from './batch.errors.js';
import { BatchRepository } from './batch.repository.js';
import { Batches } from './batches.js';
import type { Batch, BatchState } from './domain/batch.js';

const LOOK_INTERVAL_MS = 3000;
const BATCHES_A_LOOK = 20;

interface Act {
  readonly action: string;
  readonly from: readonly BatchState[];
  readonly to: BatchState;
  /** Answers how many messages it is about. */
  readonly work: (batch: Batch, tx: Transaction) => Promise<number>;
}

/** What people decide about a batch that runs. */
@Injectable()
export class BatchControl {
  private readonly logger = new Logger(BatchControl.name);
  private readonly stopped = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly batches: Batches,
    private readonly repository: BatchRepository,
    private readonly messages: BatchMessages,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('batch-cancellations', () => {
      this.tick();
      return Promise.resolve();
    });
    lifecycle.onDrain('work', 'batch-cancellations', () => this.stop());
  }

  /** Nothing of it begins to leave until it is resumed; throws when nothing waits. */
  async pause(id: string, principal: Principal): Promise<Batch> {
    return this.decide(id, principal, {
      ...{ action: 'batches.pause', from: ['RUNNING'], to: 'PAUSED' },
      work: (batch, tx) => this.holdSome(batch, tx),
    });
  }

  async resume(id: string, principal: Principal): Promise<Batch> {
    return this.decide(id, principal, {
      ...{ action: 'batches.resume', from: ['PAUSED'], to: 'RUNNING' },
      work: ({ id: batchId, sessionId }, tx) => this.messages.release({ batchId, sessionId }, tx),
    });
  }

  /**
   * From here on nothing of it leaves any more, whatever happens to this process. What waits is CANCELLED when this
   * resolves; what is under way stays what it is.
   */
  async cancel(id: string, principal: Principal): Promise<Batch> {
    const batch = await this.decide(id, principal, {
      ...{ action: 'batches.cancel', from: ['RUNNING', 'PAUSED'], to: 'CANCELLED' },
      work: (running, tx) => this.holdSome(running, tx),
    });
    await this.messages.cancelHeld(id, principal.id);
    return batch;
  }

  /** One that is paused holds its messages already. */
  private async holdSome({ id, state }: Batch, tx: Transaction): Promise<number> {
    const held = await this.messages.hold(id, tx);
    if (held === 0 && state === 'RUNNING') {
      throw new BatchStateError(id, state, 'Nothing of the batch waits any more.');
    }
    return held;
  }

  private async decide(id: string, principal: Principal, { action, from, to, work }: Act): Promise<Batch> {
    const before = await this.batches.get(principal, id);
    return this.transactions.run(async (tx) => {
      const batch = await this.repository.move(id, { from, to }, tx.db);
      if (batch === null) {
        const { state } = await this.batches.get(principal, id);
        throw new BatchStateError(id, state, `A batch that is ${state} cannot become ${to}.`);
      }
      const messages = await work(before, tx);
      const detail = { sessionId: batch.sessionId, messages };
      await this.audit.record(tx, { action, target: id, detail });
      return batch;
    });
  }

  private tick(): void {
    this.looking = this.look().finally(() => {
      if (this.stopped.signal.aborted) return;
      this.timer = setTimeout(() => {
        this.tick();
      }, LOOK_INTERVAL_MS);
    });
  }

  private async stop(): Promise<void> {
    this.stopped.abort();
    clearTimeout(this.timer);
    await this.looking;
  }

  /** Cancellations that a crash has interrupted, and messages that came back to be tried again after one. */
  private async look(): Promise<void> {
    try {
      for (const id of await this.repository.findUnfinishedCancellations(BATCHES_A_LOOK)) {
        if (this.stopped.signal.aborted) return;
        await this.messages.cancelHeld(id);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'cancelled batches could not be looked for; the next look tries again');
    }
  }
}
