import { Global, Module } from '@nestjs/common';

import { RateLimiters } from './rate-limiters.js';
import { RequestLimits } from './request-limits.js';
import { WindowCounters } from './window-counters.js';

@Global()
@Module({
  providers: [RateLimiters, RequestLimits, WindowCounters],
  exports: [RateLimiters, RequestLimits, WindowCounters],
})
export class ThrottleModule {}
