import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';

import { Clock } from '../../kernel/clock.js';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { LoginSessionRepository } from './login-session.repository.js';

/** So long a stolen token of an ended sign-in is still recognised as one. */
const KEEP_DAYS = 30;
const MS_PER_DAY = 86_400_000;

const PruneSignIns = defineJob()({
  name: 'sign-in-retention',
  retries: { limit: 3, delaySeconds: 60, maxDelaySeconds: 600 },
  expiresInSeconds: 1800,
});

/** Forgets sign-ins that were over long ago. */
@Injectable()
export class SignInRetention implements OnModuleInit {
  constructor(
    private readonly loginSessions: LoginSessionRepository,
    private readonly jobs: Jobs,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(PruneSignIns, async () => {
      await this.prune();
    });
    this.jobs.schedule(PruneSignIns, '41 3 * * *');
  }

  /** Answers how many were forgotten. */
  prune(): Promise<number> {
    return this.loginSessions.removeOver(new Date(this.clock.now().getTime() - KEEP_DAYS * MS_PER_DAY));
  }
}
