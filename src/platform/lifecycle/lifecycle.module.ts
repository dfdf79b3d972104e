import { Global, Module } from '@nestjs/common';

import { Clock, systemClock } from '../../kernel/clock.js';
import { Lifecycle } from './lifecycle.js';

@Global()
@Module({
  providers: [Lifecycle, { provide: Clock, useValue: systemClock }],
  exports: [Lifecycle, Clock],
})
export class LifecycleModule {}
