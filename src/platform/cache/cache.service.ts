import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { Inject, Injectable } from '@nestjs/common';
import type { Cache as CacheManager } from 'cache-manager';

/**
 * What may be forgotten at any time. Shared by the processes when there is a Redis, else kept in this one; a Redis
 * that is away or slow never makes a caller fail, or wait for more than a moment. Keys begin with `cache:` outside.
 */
@Injectable()
export class Cache {
  constructor(@Inject(CACHE_MANAGER) private readonly manager: CacheManager) {}

  get<T>(key: string): Promise<T | undefined> {
    return this.manager.get<T>(key);
  }

  async set(key: string, value: unknown, ttlMs: number): Promise<void> {
    await this.manager.set(key, value, ttlMs);
  }

  async delete(key: string): Promise<void> {
    await this.manager.del(key);
  }
}
