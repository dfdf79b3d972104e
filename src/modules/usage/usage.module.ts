import { Module } from '@nestjs/common';

import { UsageController } from './http/usage.controller.js';
import { Usage } from './usage.js';
import { UsageRepository } from './usage.repository.js';
import { UsageRollup } from './usage-rollup.js';

@Module({
  controllers: [UsageController],
  providers: [Usage, UsageRepository, UsageRollup],
})
export class UsageModule {}
