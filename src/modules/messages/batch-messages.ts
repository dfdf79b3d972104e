import { Injectable } from '@nestjs/common';

import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import { BatchMessagesRepository, type BatchResult } from './batch-messages.repository.js';
import { Dispatcher } from './dispatcher.js';
import type { MessageStatus, StatusChange } from './domain/message-status.js';
import { StatusWriter } from './status-writer.js';

const SET = 500;
const PAGE = 1000;

const CANCELLED: StatusChange = {
  kind: 'given-up',
  status: 'CANCELLED',
  code: 'cancelled',
  detail: 'Its batch was cancelled.',
  isClaimed: false,
};

/** What is done to all messages of a batch at once. */
@Injectable()
export class BatchMessages {
  constructor(
    private readonly messages: BatchMessagesRepository,
    private readonly status: StatusWriter,
    private readonly dispatcher: Dispatcher,
    private readonly transactions: Transactions,
  ) {}

  /**
   * From the commit on none of them begins to leave. What is under way goes on; should it come back to be tried again, it
   * waits like the others. Answers how many that are.
   */
  hold(batchId: string, tx: Transaction): Promise<number> {
    return this.messages.hold(batchId, tx.db);
  }

  /** Lets go what was held; answers how many that are. */
  release(
    { batchId, sessionId }: { readonly batchId: string; readonly sessionId: string },
    tx: Transaction,
  ): Promise<number> {
    tx.afterCommit(() => {
      this.dispatcher.wake(sessionId);
    });
    return this.messages.release(batchId, tx.db);
  }

  /** Cancels what is held and waits, set by set; what was interrupted goes on with the next call. */
  async cancelHeld(batchId: string, by?: string): Promise<void> {
    for (;;) {
      const ids = await this.messages.findHeld(batchId, SET);
      if (ids.length === 0) return;
      await this.transactions.run(async (tx) => {
        const changes = ids.map((messageId) => ({ messageId, change: CANCELLED, ...(by !== undefined && { by }) }));
        const steps = await this.status.decide(changes, tx);
        // One that somebody wants to be tried after all is not to be cancelled again.
        await this.messages.unhold(
          steps.map(({ messageId }) => messageId),
          tx.db,
        );
      });
    }
  }

  countByStatus(batchId: string): Promise<ReadonlyMap<MessageStatus, number>> {
    return this.messages.countByStatus(batchId);
  }

  /** What became of each, in the order in which they were accepted, page by page. */
  async *results(batchId: string): AsyncGenerator<readonly BatchResult[]> {
    for (let after: bigint | null = 0n; after !== null;) {
      const { results, last } = await this.messages.findResults(batchId, { after, limit: PAGE });
      yield results;
      after = last;
    }
  }
}
