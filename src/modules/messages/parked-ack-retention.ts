import { Injectable, type OnModuleInit } from '@nestjs/common';

import { defineJob } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { StatusRepository } from './status.repository.js';

/** A send commits within minutes: what has waited longer belongs to a message that was typed on the phone. */
const LIFE_HOURS = 24;

const PruneParkedAcks = defineJob()({
  name: 'parked-ack-retention',
  retries: { limit: 3, delaySeconds: 60, maxDelaySeconds: 600 },
  expiresInSeconds: 1800,
});

/** Forgets statuses of messages that are not ours. */
@Injectable()
export class ParkedAckRetention implements OnModuleInit {
  constructor(
    private readonly statuses: StatusRepository,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(PruneParkedAcks, async () => {
      await this.statuses.forgetParked(LIFE_HOURS);
    });
    this.jobs.schedule(PruneParkedAcks, '52 * * * *');
  }
}
