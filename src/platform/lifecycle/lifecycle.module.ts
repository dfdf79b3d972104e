import { type DynamicModule, Global, Module } from '@nestjs/common';

import { StorageConfig } from '../../config/config.slices.js';
import { Clock, systemClock } from '../../kernel/clock.js';
import { Checkpoints } from './checkpoints.js';
import { InstanceId, readInstanceId } from './instance-id.js';
import { Lifecycle } from './lifecycle.js';

@Global()
@Module({})
export class LifecycleModule {
  static with(checkpoints: Checkpoints): DynamicModule {
    const providers = [
      Lifecycle,
      { provide: Clock, useValue: systemClock },
      { provide: Checkpoints, useValue: checkpoints },
      {
        provide: InstanceId,
        useFactory: ({ dataDir }: StorageConfig): string => readInstanceId(dataDir),
        inject: [StorageConfig],
      },
    ];
    return { module: LifecycleModule, providers, exports: providers };
  }
}
