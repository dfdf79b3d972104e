import { CacheModule as NestCacheModule } from '@nestjs/cache-manager';
import { Global, Module } from '@nestjs/common';
import { KeyvAdapter, type CacheManagerStore } from 'cache-manager';
import { redisInsStore } from 'cache-manager-ioredis-yet';
import { Keyv, type KeyvStoreAdapter } from 'keyv';

import { Cache } from './cache.service.js';
import { MemoryStore } from './memory-store.js';
import { RedisConnection } from './redis-connection.js';
import { ResilientStore } from './resilient-store.js';

const NAMESPACE = 'cache';

const storeFor = (redis: RedisConnection): KeyvStoreAdapter => {
  const local = new MemoryStore();
  if (redis.client === undefined) return local;
  // The store has the interface of cache-manager 5; KeyvAdapter is made for it, the types of both only name it otherwise.
  const remote = new KeyvAdapter(redisInsStore(redis.client) as unknown as CacheManagerStore);
  return new ResilientStore(remote, local, redis);
};

@Module({ providers: [RedisConnection], exports: [RedisConnection] })
class RedisModule {}

/** The cache, in this process or in Redis. */
@Global()
@Module({
  imports: [
    RedisModule,
    NestCacheModule.registerAsync({
      imports: [RedisModule],
      inject: [RedisConnection],
      useFactory: (redis: RedisConnection) => ({
        stores: [new Keyv({ store: storeFor(redis), namespace: NAMESPACE })],
      }),
    }),
  ],
  providers: [Cache],
  exports: [Cache, RedisModule],
})
export class CacheModule {}
