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

/** Keeps the journal short: events that are old, or of nobody any more, go when every consumer has passed them. */
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

  /** Whether something of this session has still to be read by a consumer. */
  isUnheard(sessionId: string): Promise<boolean> {
    return this.journal.isUnheard(sessionId, this.runner.names);
  }

  /** Deletes the events of a session, but for those that a consumer has still to read. */
  async removeOfSession(sessionId: string): Promise<void> {
    const what = { sessionId, consumers: this.runner.names };
    for (let after: bigint | null = 0n; after !== null;) {
      after = await this.journal.removeOfSession(what, after, PORTION);
    }
  }
}
