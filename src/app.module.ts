import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';

import { ConfigModule } from './config/config.module.js';
import type { DatabaseUrls } from './config/config.slices.js';
import type { Env } from './config/env.js';
import { AccessGuard, AccessModule } from './modules/access/index.js';
import { AuditModule } from './modules/audit/index.js';
import { IdentityModule } from './modules/identity/index.js';
import { CryptoModule } from './platform/crypto/crypto.module.js';
import { EventsModule } from './platform/events/events.module.js';
import { ProblemDetailsFilter } from './platform/http/problem-details.filter.js';
import { ThrottleModule } from './platform/http/throttle/throttle.module.js';
import { type Checkpoints, noCheckpoints } from './platform/lifecycle/checkpoints.js';
import { LifecycleModule } from './platform/lifecycle/lifecycle.module.js';
import { PrismaModule } from './platform/prisma/prisma.module.js';

export interface AppOptions {
  readonly env: Env;
  readonly database: DatabaseUrls;
  /** Only the crash tests bring their own. */
  readonly checkpoints?: Checkpoints;
}

/** The composition root: the one file that names every module. */
@Module({})
export class AppModule {
  static with({ env, database, checkpoints = noCheckpoints }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(env, database),
        EventEmitterModule.forRoot({ wildcard: false, maxListeners: 50 }),
        LifecycleModule.with(checkpoints),
        PrismaModule,
        EventsModule,
        CryptoModule,
        ThrottleModule,
        AccessModule,
        AuditModule,
        IdentityModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemDetailsFilter },
        { provide: APP_GUARD, useExisting: AccessGuard },
      ],
    };
  }
}
