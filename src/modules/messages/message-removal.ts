import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { defineJob } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { SessionRemovals } from '../sessions/index.js';
import { MessageRemovalRepository } from './message-removal.repository.js';

const SET = 5000;

const RemoveOutdatedMessages = defineJob()({
  name: 'message-retention',
  retries: { limit: 3, delaySeconds: 60, maxDelaySeconds: 600 },
  expiresInSeconds: 3600,
});

/** Removes messages: with their session, or when the days that it keeps them are over. */
@Injectable()
export class MessageRemoval implements OnModuleInit {
  private readonly logger = new Logger(MessageRemoval.name);

  constructor(
    private readonly messages: MessageRemovalRepository,
    private readonly removals: SessionRemovals,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.removals.add((sessionId) => this.removeOfSession(sessionId));
    this.jobs.register(RemoveOutdatedMessages, async () => {
      this.logger.log({ messages: await this.removeOutdated() }, 'outdated messages were removed');
    });
    this.jobs.schedule(RemoveOutdatedMessages, '47 2 * * *');
  }

  /** Answers how many went, or would go. */
  async cleanUp(isDryRun: boolean): Promise<number> {
    const messages = isDryRun ? await this.messages.countOutdated() : await this.removeOutdated();
    await this.transactions.run((tx) =>
      this.audit.record(tx, { action: 'messages.cleanup', detail: { isDryRun, messages } }),
    );
    return messages;
  }

  private async removeOutdated(): Promise<number> {
    for (let total = 0; ;) {
      const removed = await this.transactions.run((tx) => this.messages.removeOutdated(SET, tx.db));
      total += removed;
      if (removed < SET) return total;
    }
  }

  private async removeOfSession(sessionId: string): Promise<void> {
    while ((await this.transactions.run((tx) => this.messages.removeOfSession(sessionId, SET, tx.db))) > 0);
    await this.transactions.run((tx) => this.messages.removeRest(sessionId, tx.db));
  }
}
