import { Injectable } from '@nestjs/common';

import { type Limiter, RateLimiters } from '../../platform/http/throttle/rate-limiters.js';
import type { Verdict } from '../../platform/http/throttle/rate-limit.js';
import type { Principal } from '../access/index.js';
import { QuotaExceededError } from './limits.errors.js';
import { PaceRepository } from './pace.repository.js';

const POLICY = 'key-day';
const DAY_SECONDS = 86_400;

/** Messages that a key may send in a day (UTC): counted for all processes together where they share a Redis. */
@Injectable()
export class Quotas {
  private readonly limiters = new Map<number, Limiter>();

  constructor(
    private readonly rateLimiters: RateLimiters,
    private readonly repository: PaceRepository,
  ) {}

  /** Takes `count` off what the principal may still send today; null when it has no quota. Throws when it is used up. */
  async take({ kind, id, dailyQuota }: Principal, count: number): Promise<Verdict | null> {
    if (kind !== 'api-key' || dailyQuota === undefined || dailyQuota === null) return null;
    const limiter = this.limiterOf(dailyQuota);
    const now = new Date();
    const today = now.toISOString().slice(0, 10);
    const key = `${id}:${today}`;
    let verdict = await limiter.take(key, count);
    // The first of the day, or the counter was lost: what is in the database counts.
    if (verdict.isAllowed && verdict.remaining === dailyQuota - count) {
      const sent = await this.repository.countSentBy(id, new Date(`${today}T00:00:00Z`));
      if (sent > 0) verdict = await limiter.add(key, sent);
    }
    const resetSeconds = DAY_SECONDS - Math.floor((now.getTime() / 1000) % DAY_SECONDS);
    if (!verdict.isAllowed) {
      await limiter.giveBack(key, count);
      throw new QuotaExceededError(POLICY, dailyQuota, resetSeconds);
    }
    return { ...verdict, resetSeconds };
  }

  private limiterOf(quota: number): Limiter {
    const known = this.limiters.get(quota);
    if (known) return known;
    const limiter = this.rateLimiters.limiter({ name: POLICY, quota, windowSeconds: DAY_SECONDS });
    this.limiters.set(quota, limiter);
    return limiter;
  }
}
