import { Global, Module } from '@nestjs/common';

import { HealthIndicators } from './health-indicators.js';
import { OwnIndicators } from './own-indicators.js';

@Global()
@Module({ providers: [HealthIndicators, OwnIndicators], exports: [HealthIndicators] })
export class HealthModule {}
