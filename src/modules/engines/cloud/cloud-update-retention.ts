import { Injectable, type OnModuleInit } from '@nestjs/common';

import { defineJob } from '../../../platform/jobs/job-definition.js';
import { Jobs } from '../../../platform/jobs/jobs.js';
import { CloudUpdateRepository } from './cloud-update.repository.js';

/** "Media": what a webhook names lives for seven days; Meta repeats a webhook for as long. */
const LIFE_DAYS = 30;

const PruneCloudUpdates = defineJob()({
  name: 'cloud-update-retention',
  retries: { limit: 3, delaySeconds: 60, maxDelaySeconds: 600 },
  expiresInSeconds: 1800,
});

/** Forgets what Meta has told and nobody waits for. */
@Injectable()
export class CloudUpdateRetention implements OnModuleInit {
  constructor(
    private readonly updates: CloudUpdateRepository,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(PruneCloudUpdates, async () => {
      await this.updates.removeOlderThan(LIFE_DAYS);
    });
    this.jobs.schedule(PruneCloudUpdates, '37 3 * * *');
  }
}
