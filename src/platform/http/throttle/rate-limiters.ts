import { Inject, Injectable, Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

import { CacheConfig } from '../../../config/config.slices.js';
import { Lifecycle } from '../../lifecycle/lifecycle.js';
import type { RateLimitPolicy, Verdict } from './rate-limit.js';

/** A Redis that hangs must not hang a sign-in: the limiter in this process takes over. */
const REDIS_PATIENCE_MS = 500;
const KEY_PREFIX = 'limit';

/** Counts the tries of each key against one policy. */
export class Limiter {
  constructor(
    readonly policy: RateLimitPolicy,
    private readonly counter: RateLimiterAbstract,
  ) {}

  /** Counts one try. */
  async take(key: string): Promise<Verdict> {
    try {
      return this.toVerdict(await this.counter.consume(key), true);
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return this.toVerdict(refusal, false);
      throw refusal;
    }
  }

  /** Takes the count of one try back. */
  async giveBack(key: string): Promise<void> {
    await this.counter.reward(key);
  }

  private toVerdict({ remainingPoints, msBeforeNext }: RateLimiterRes, isAllowed: boolean): Verdict {
    return {
      policy: this.policy,
      isAllowed,
      remaining: Math.max(0, remainingPoints),
      resetSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
    };
  }
}

/**
 * Makes limiters: shared by all processes when there is a Redis, in this process when there is none or when it fails.
 * A limit is never lifted because Redis is down (ADR 0022).
 */
@Injectable()
export class RateLimiters {
  private readonly logger = new Logger(RateLimiters.name);
  private readonly redis: Redis | undefined;
  private isRedisLost = false;

  constructor(@Inject(CacheConfig) { redisUrl }: CacheConfig, lifecycle: Lifecycle) {
    if (redisUrl === undefined) return;
    const redis = new Redis(redisUrl, {
      lazyConnect: true,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      connectTimeout: REDIS_PATIENCE_MS * 4,
      commandTimeout: REDIS_PATIENCE_MS,
      disconnectTimeout: REDIS_PATIENCE_MS,
    });
    this.redis = redis;
    redis.on('error', () => {
      if (!this.isRedisLost) this.logger.warn('Redis cannot be reached: limits hold for this process alone.');
      this.isRedisLost = true;
    });
    redis.on('ready', () => {
      this.isRedisLost = false;
    });
    lifecycle.onStart('limits', () => {
      redis.connect().catch(() => undefined);
      return Promise.resolve();
    });
    lifecycle.onDrain('cache', 'limits', () => {
      redis.disconnect();
      return Promise.resolve();
    });
  }

  limiter(policy: RateLimitPolicy): Limiter {
    const options = {
      keyPrefix: `${KEY_PREFIX}:${policy.name}`,
      points: policy.quota,
      duration: policy.windowSeconds,
    };
    const memory = new RateLimiterMemory(options);
    if (this.redis === undefined) return new Limiter(policy, memory);
    return new Limiter(
      policy,
      new RateLimiterRedis({
        ...options,
        storeClient: this.redis,
        insuranceLimiter: memory,
        rejectIfRedisNotReady: true,
      }),
    );
  }
}
