import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { CacheConfig, DatabaseConfig, StorageConfig } from './config/config.slices.js';
import { EngineRegistry } from './modules/engines/index.js';

/** What a person who has just started the server wants to know, a line each. */
export const describeStart = async (app: NestFastifyApplication, url: string): Promise<readonly string[]> => {
  const { dataDir } = app.get<StorageConfig>(StorageConfig);
  const { hostname, port } = new URL(app.get<DatabaseConfig>(DatabaseConfig).url);
  const web = await app.get(EngineRegistry, { strict: false }).get('web').availability();
  const hasRedis = app.get<CacheConfig>(CacheConfig).redisUrl !== undefined;
  return [
    `Waypost on Node ${process.versions.node}, data in ${dataDir}`,
    `✓ PostgreSQL at ${hostname}:${port || '5432'}, migrated`,
    web.available
      ? '✓ Chromium found: sessions may use the engine "web"'
      : `· ${web.reason} The sandbox works without.`,
    hasRedis
      ? '✓ Redis configured for the cache and shared limits'
      : '· Redis not configured: cache and limits stay here',
    `✓ ready: API ${url}/v1 · description ${url}/openapi.json · first setup ${url}/console/setup`,
  ];
};
