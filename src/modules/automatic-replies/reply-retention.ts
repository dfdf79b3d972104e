import { Injectable, type OnModuleInit } from '@nestjs/common';

import { defineJob } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { AutoReplyRepository } from './auto-reply.repository.js';

const ForgetExchanges = defineJob()({
  name: 'automatic-reply-retention',
  retries: { limit: 3, delaySeconds: 60, maxDelaySeconds: 600 },
  expiresInSeconds: 600,
});

const KEPT_MS = 24 * 3_600_000;

/** Forgets exchanges that are long over: each holds a number and a text. */
@Injectable()
export class ReplyRetention implements OnModuleInit {
  constructor(
    private readonly exchanges: AutoReplyRepository,
    private readonly transactions: Transactions,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(ForgetExchanges, async () => {
      await this.transactions.run((tx) => this.exchanges.forget(new Date(Date.now() - KEPT_MS), tx.db));
    });
    this.jobs.schedule(ForgetExchanges, '23 * * * *');
  }
}
