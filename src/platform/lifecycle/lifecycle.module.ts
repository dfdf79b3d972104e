import { type DynamicModule, Global, Module } from '@nestjs/common';

import { Clock, systemClock } from '../../kernel/clock.js';
import { Checkpoints } from './checkpoints.js';
import { Lifecycle } from './lifecycle.js';

@Global()
@Module({})
export class LifecycleModule {
  static with(checkpoints: Checkpoints): DynamicModule {
    const providers = [
      Lifecycle,
      { provide: Clock, useValue: systemClock },
      { provide: Checkpoints, useValue: checkpoints },
    ];
    return { module: LifecycleModule, providers, exports: providers };
  }
}
