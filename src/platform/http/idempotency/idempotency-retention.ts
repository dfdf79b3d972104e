import { Injectable, type OnModuleInit } from '@nestjs/common';

import { defineJob } from '../../jobs/job-definition.js';
import { Jobs } from '../../jobs/jobs.js';
import { IdempotencyRepository } from './idempotency.repository.js';

const PruneKeys = defineJob()({
  name: 'idempotency-retention',
  retries: { limit: 3, delaySeconds: 60, maxDelaySeconds: 600 },
  expiresInSeconds: 1800,
});

/** Forgets kept answers whose 72 hours are over. */
@Injectable()
export class IdempotencyRetention implements OnModuleInit {
  constructor(
    private readonly answers: IdempotencyRepository,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(PruneKeys, async () => {
      await this.answers.removeOld();
    });
    this.jobs.schedule(PruneKeys, '37 * * * *');
  }
}
