import { Injectable, type OnModuleInit } from '@nestjs/common';

import { defineJob } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { UsageRepository } from './usage.repository.js';

const STEPS_AT_ONCE = 20_000;

const RollUpUsage = defineJob()({
  name: 'usage-rollup',
  retries: { limit: 3, delaySeconds: 60, maxDelaySeconds: 600 },
  expiresInSeconds: 1800,
});

/** Counts what has happened into the figures of the days, so that a look at them does not have to. */
@Injectable()
export class UsageRollup implements OnModuleInit {
  constructor(
    private readonly usage: UsageRepository,
    private readonly transactions: Transactions,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(RollUpUsage, async () => {
      await this.run();
    });
    this.jobs.schedule(RollUpUsage, '* * * * *');
  }

  /** Answers how many steps were counted. */
  async run(): Promise<number> {
    let total = 0;
    for (;;) {
      const steps = await this.transactions.run((tx) => this.usage.rollUp(STEPS_AT_ONCE, tx.db));
      total += steps;
      if (steps < STEPS_AT_ONCE) break;
    }
    await this.usage.mark();
    return total;
  }
}
