import { Injectable, type OnModuleInit } from '@nestjs/common';

import { defineJob } from '../jobs/job-definition.js';
import { Jobs } from '../jobs/jobs.js';
import { ConsumerRepository } from './consumer.repository.js';
import { ConsumerRunner } from './consumer-runner.js';
import { JournalRepository } from './journal.repository.js';

const EVENT_DAYS = 14;
const DEAD_LETTER_DAYS = 90;
/** A delete of this many rows is short enough not to hold the readers of the journal. */
const PORTION = 5000;

const PruneJournal = defineJob()({
  name: 'journal-retention',
  retries: { limit: 3, delaySeconds: 60, maxDelaySeconds: 600 },
  expiresInSeconds: 1800,
});

/** Keeps the journal short: events that are old and that every consumer has passed are deleted. */
@Injectable()
export class JournalRetention implements OnModuleInit {
  constructor(
    private readonly journal: JournalRepository,
    private readonly cursors: ConsumerRepository,
    private readonly runner: ConsumerRunner,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(PruneJournal, async () => {
      await this.prune();
    });
    this.jobs.schedule(PruneJournal, '23 * * * *');
  }

  /** Answers how many events were deleted. */
  async prune(): Promise<number> {
    let total = 0;
    let deleted: number;
    do {
      deleted = await this.journal.prune(EVENT_DAYS, this.runner.names, PORTION);
      total += deleted;
    } while (deleted === PORTION);
    await this.cursors.pruneDeadLetters(DEAD_LETTER_DAYS);
    return total;
  }
}
