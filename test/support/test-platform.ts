import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type INestApplicationContext, type LoggerService, Module, type Provider, type Type } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';

import { ConfigModule } from '../../src/config/config.module.js';
import type { DatabaseUrls } from '../../src/config/config.slices.js';
import { parseEnv } from '../../src/config/env.js';
import { EventsModule } from '../../src/platform/events/events.module.js';
import { noCheckpoints } from '../../src/platform/lifecycle/checkpoints.js';
import { LifecycleModule } from '../../src/platform/lifecycle/lifecycle.module.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { PrismaModule } from '../../src/platform/prisma/prisma.module.js';

export interface LogLine {
  readonly level: string;
  readonly context: unknown;
  readonly message: string;
}

export interface TestPlatform {
  readonly get: INestApplicationContext['get'];
  /** What has been logged in this process since the platform was made. */
  readonly log: readonly LogLine[];
  /** Starts what waits for the database. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface TestPlatformOptions {
  readonly database: DatabaseUrls;
  readonly env?: NodeJS.ProcessEnv;
  readonly imports?: readonly Type[];
  readonly providers?: readonly Provider[];
}

const recorder = (log: LogLine[]): LoggerService => {
  const at =
    (level: string) =>
    (object: unknown, ...rest: unknown[]): void => {
      const [message, context] = typeof object === 'string' ? [object, rest[0]] : [String(rest[0]), rest[1]];
      log.push({ level, message, context });
    };
  return { log: at('log'), error: at('error'), warn: at('warn'), debug: at('debug'), verbose: at('verbose') };
};

/** The platform without the product: database, journal, durable consumers and jobs, and what a test adds. */
export const createTestPlatform = async (options: TestPlatformOptions): Promise<TestPlatform> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'waypost-platform-'));
  const env = parseEnv({ NODE_ENV: 'test', DATA_DIR: dataDir, ...options.env });
  @Module({
    imports: [
      ConfigModule.with(env, options.database),
      EventEmitterModule.forRoot(),
      LifecycleModule.with(noCheckpoints),
      PrismaModule,
      EventsModule,
      ...(options.imports ?? []),
    ],
    providers: [...(options.providers ?? [])],
  })
  class PlatformUnderTest {}
  const log: LogLine[] = [];
  const builder = Test.createTestingModule({ imports: [PlatformUnderTest] });
  const app = await builder.setLogger(recorder(log)).compile();
  await app.init();
  log.length = 0;
  return {
    get: app.get.bind(app),
    log,
    start: () => app.get(Lifecycle).start(),
    close: async () => {
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
