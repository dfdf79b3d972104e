import { Injectable } from '@nestjs/common';

import { RedisConnection } from '../../cache/redis-connection.js';
import { SharedWindows } from './shared-windows.js';
import { WindowCounter } from './window-counter.js';

/** Makes counters: shared by all processes when there is a Redis, in this process when there is none. */
@Injectable()
export class WindowCounters {
  private readonly made = new Map<string, WindowCounter>();

  constructor(private readonly redis: RedisConnection) {}

  /** The counter of this policy; there is one in a process. */
  counter(policy: string): WindowCounter {
    const known = this.made.get(policy);
    if (known !== undefined) return known;
    const shared = this.redis.isConfigured ? new SharedWindows(policy, this.redis) : undefined;
    const counter = new WindowCounter(shared);
    this.made.set(policy, counter);
    return counter;
  }
}
