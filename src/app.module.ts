import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';

import { ConfigModule } from './config/config.module.js';
import type { DatabaseUrls } from './config/config.slices.js';
import type { Env } from './config/env.js';
import { AccessGuard, AccessModule } from './modules/access/index.js';
import { ApiReferenceModule } from './modules/api-reference/index.js';
import { ApiKeysModule } from './modules/api-keys/index.js';
import { AuditModule } from './modules/audit/index.js';
import { AutomaticRepliesModule } from './modules/automatic-replies/index.js';
import { BatchesModule } from './modules/batches/index.js';
import { EncryptionModule } from './modules/encryption/index.js';
import { EventStreamModule } from './modules/event-stream/index.js';
import { IdentityModule } from './modules/identity/index.js';
import { LimitsModule } from './modules/limits/index.js';
import { MediaModule } from './modules/media/index.js';
import { MessagesModule } from './modules/messages/index.js';
import { MonitoringModule } from './modules/monitoring/index.js';
import { NotificationsModule } from './modules/notifications/index.js';
import { OptOutsModule } from './modules/opt-outs/index.js';
import { SessionsModule } from './modules/sessions/index.js';
import { TemplatesModule } from './modules/templates/index.js';
import { UsageModule } from './modules/usage/index.js';
import { WhatsAppModule } from './modules/whatsapp/index.js';
import { CacheModule } from './platform/cache/cache.module.js';
import { CryptoModule } from './platform/crypto/crypto.module.js';
import { ConsoleModule } from './modules/console/index.js';
import { EgressModule } from './platform/egress/egress.module.js';
import { EventsModule } from './platform/events/events.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { IdempotencyModule } from './platform/http/idempotency/idempotency.module.js';
import { ProblemDetailsFilter } from './platform/http/problem-details.filter.js';
import { StartGate } from './platform/http/start-gate.js';
import { ThrottleModule } from './platform/http/throttle/throttle.module.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { UndeclaredInputGuard } from './platform/http/undeclared-input.guard.js';
import { type Checkpoints, noCheckpoints } from './platform/lifecycle/checkpoints.js';
import { LifecycleModule } from './platform/lifecycle/lifecycle.module.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { PrismaModule } from './platform/prisma/prisma.module.js';

export interface AppOptions {
  readonly env: Env;
  readonly database: DatabaseUrls;
  /** Modules of another application. */
  readonly modules?: readonly (Type | DynamicModule)[];
  /** Only the crash tests bring their own. */
  readonly checkpoints?: Checkpoints;
}

/** The composition root: the one file that names every module. */
@Module({})
export class AppModule {
  static with({ env, database, modules = [], checkpoints = noCheckpoints }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(env, database),
        EventEmitterModule.forRoot({ wildcard: false, maxListeners: 50 }),
        LifecycleModule.with(checkpoints),
        PrismaModule,
        EventsModule,
        JobsModule,
        CacheModule,
        HealthModule,
        MetricsModule,
        CryptoModule,
        ThrottleModule,
        EgressModule,
        IdempotencyModule,
        AccessModule,
        AuditModule,
        EncryptionModule,
        IdentityModule,
        ApiKeysModule,
        SessionsModule,
        LimitsModule,
        MediaModule,
        OptOutsModule,
        TemplatesModule,
        MessagesModule,
        BatchesModule,
        AutomaticRepliesModule,
        WhatsAppModule,
        EventStreamModule,
        NotificationsModule,
        UsageModule,
        MonitoringModule,
        ApiReferenceModule,
        ConsoleModule,
        ...modules,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemDetailsFilter },
        // In this order: whoever comes too early is told so before anything is looked up in the database.
        { provide: APP_GUARD, useClass: StartGate },
        { provide: APP_GUARD, useExisting: AccessGuard },
        { provide: APP_GUARD, useClass: UndeclaredInputGuard },
      ],
    };
  }
}
