import { type DynamicModule, Global, Module } from '@nestjs/common';

import { type DatabaseUrls, sliceEnv } from './config.slices.js';
import type { Env } from './env.js';

/** Hands each feature its slice of the checked environment. */
@Global()
@Module({})
export class ConfigModule {
  static with(env: Env, database: DatabaseUrls): DynamicModule {
    const providers = [...sliceEnv(env, database)];
    return { module: ConfigModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
