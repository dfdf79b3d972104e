import { Module } from '@nestjs/common';

import { SessionsModule } from '../sessions/index.js';
import { AcceptedRepository } from './accepted.repository.js';
import { PaceRepository } from './pace.repository.js';
import { Pacer } from './pacer.js';
import { Quotas } from './quotas.js';
import { SendLimits } from './send-limits.js';

@Module({
  imports: [SessionsModule],
  providers: [AcceptedRepository, PaceRepository, Pacer, Quotas, SendLimits],
  exports: [Pacer, SendLimits],
})
export class LimitsModule {}
