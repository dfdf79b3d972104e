import { setTimeout as sleep } from 'node:timers/promises';

import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';

import { RedisConnection } from '../../src/platform/cache/redis-connection.js';
import type { RateLimitPolicy, Verdict } from '../../src/platform/http/throttle/rate-limit.js';
import { type TakeOptions, type WindowCounter } from '../../src/platform/http/throttle/window-counter.js';
import { WindowCounters } from '../../src/platform/http/throttle/window-counters.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { eventually } from '../support/eventually.js';
import { hasRedisServer, RedisServer } from '../support/redis-server.js';

const describeWithRedis = hasRedisServer() ? describe : describe.skip;
const policy = (quota: number): RateLimitPolicy => ({ name: 'p', quota, windowSeconds: 60 });

/** One process, as far as counting goes. */
interface Process {
  readonly counter: WindowCounter;
  readonly connection: RedisConnection;
  readonly lifecycle: Lifecycle;
}

describeWithRedis('windows that processes share', () => {
  let redis: RedisServer;
  let direct: Redis;
  let one: Process;
  let two: Process;

  const startProcess = async (): Promise<Process> => {
    const lifecycle = new Lifecycle();
    const connection = new RedisConnection({ redisUrl: redis.url }, lifecycle);
    await connection.onModuleInit();
    return { counter: new WindowCounters(connection).counter('p'), connection, lifecycle };
  };
  const allowed = (verdicts: readonly Verdict[]): number => verdicts.filter(({ isAllowed }) => isAllowed).length;
  const flood = async (from: readonly Process[], count: number, quota: number, subject: string): Promise<number> => {
    const takes = Array.from({ length: count }, async (_, i) => {
      const { counter } = from[i % from.length] ?? one;
      return counter.take(policy(quota), subject);
    });
    return allowed(await Promise.all(takes));
  };

  beforeAll(async () => {
    Logger.overrideLogger(false);
    redis = await RedisServer.start();
    direct = new Redis(redis.url);
    direct.on('error', () => undefined);
    [one, two] = await Promise.all([startProcess(), startProcess()]);
  });

  afterAll(async () => {
    direct.disconnect();
    await Promise.all([one, two].map(({ lifecycle }) => lifecycle.drain()));
    await redis.kill();
  });

  it('R1 let N through together, however the requests fall on the processes', async () => {
    expect(await flood([one, two], 400, 100, 'even')).toBe(100);
    expect(await flood([one, one, one, two], 400, 100, 'uneven')).toBe(100);
    expect(allowed([await one.counter.take(policy(100), 'even'), await two.counter.take(policy(100), 'even')])).toBe(0);
  });

  it('tell what is left and when the window ends, the same in both', async () => {
    const first = await one.counter.take(policy(10), 'told');
    await sleep(1100);
    const second = await two.counter.take(policy(10), 'told');
    expect([first.remaining, second.remaining]).toEqual([9, 8]);
    expect([first.resetSeconds, second.resetSeconds]).toEqual([60, 59]);
  });

  it('cost one round trip for all that come meanwhile, and none for a flood of refusals', async () => {
    const calls = async (): Promise<number> =>
      Number(/cmdstat_eval:calls=(\d+)/.exec(await direct.info('commandstats'))?.[1] ?? 0);
    const before = await calls();
    await flood([one], 5000, 1000, 'flood');
    expect((await calls()) - before).toBeLessThanOrEqual(2);
    await flood([one], 5000, 1000, 'flood');
    expect((await calls()) - before).toBeLessThanOrEqual(2);
  });

  it('begin anew when they are over', async () => {
    const take = (from: Process): Verdict | Promise<Verdict> =>
      from.counter.take(policy(2), 'short', { lifeMs: 400 } satisfies TakeOptions);
    expect(allowed([await take(one), await take(two), await take(one), await take(two)])).toBe(2);
    await sleep(450);
    expect(allowed([await take(one), await take(two), await take(one), await take(two)])).toBe(2);
  });

  it('F9 R4 form again from what the processes know when Redis is emptied', async () => {
    expect(await flood([one, two], 60, 100, 'flushed')).toBe(60);
    await direct.flushall();
    expect(await flood([one, two], 200, 100, 'flushed')).toBeLessThanOrEqual(42);
    expect(await flood([one, two], 50, 100, 'flushed')).toBe(0);
  });

  it('F9 let no more through when Redis is emptied again and again under load', async () => {
    let through = 0;
    for (let i = 0; i < 30; i += 1) {
      through += await flood([one, two], 20, 100, 'flushed often');
      await direct.flushall();
    }
    // What one process has not heard of yet from the other may be granted twice: one round trip each time.
    expect(through).toBeGreaterThanOrEqual(100);
    expect(through).toBeLessThanOrEqual(200);
  });

  it('give back what was not used, for all', async () => {
    await one.counter.take(policy(10), 'back', { count: 10 });
    await one.counter.giveBack('back', 4);
    expect(await two.counter.take(policy(10), 'back', { count: 5 })).toMatchObject({ isAllowed: false, remaining: 4 });
    expect(await two.counter.take(policy(10), 'back', { count: 4 })).toMatchObject({ isAllowed: true, remaining: 0 });
  });

  it('ask anew what had been used before when Redis went, and when it came back', async () => {
    const used = { stored: 3 };
    const take = (from: Process): Verdict | Promise<Verdict> =>
      from.counter.take(policy(10), 'day', {
        usedBefore: () => {
          return Promise.resolve(used.stored);
        },
      });
    expect(await take(one)).toMatchObject({ remaining: 6 });
    await redis.kill();
    await eventually(() => Promise.resolve(!one.connection.isUp && !two.connection.isUp));
    // Meanwhile the other process has stored two more.
    used.stored = 6;
    expect(await take(one)).toMatchObject({ isAllowed: true, remaining: 3 });
    used.stored = 9;
    await redis.restart();
    await eventually(() => Promise.resolve(one.connection.isUp && two.connection.isUp), 10_000);
    expect(await take(two)).toMatchObject({ isAllowed: true, remaining: 0 });
    expect(await take(one)).toMatchObject({ isAllowed: false });
  }, 30_000);

  it('ask anew what had been used before when Redis did not answer', async () => {
    let stored = 0;
    const take = (): Verdict | Promise<Verdict> =>
      one.counter.take(policy(10), 'hanging', { usedBefore: () => Promise.resolve(stored) });
    expect(await take()).toMatchObject({ remaining: 9 });
    redis.pause();
    expect(await take()).toMatchObject({ isAllowed: true, remaining: 8 });
    stored = 9;
    expect(await take()).toMatchObject({ isAllowed: true, remaining: 0 });
    redis.resume();
    await eventually(() => Promise.resolve(one.connection.isUp && two.connection.isUp), 10_000);
  }, 30_000);

  it('R4 go on in each process without Redis, from what was known, and never without a limit', async () => {
    expect(await flood([one, two], 60, 100, 'alone')).toBe(60);
    redis.pause();
    const start = performance.now();
    const through = await flood([one, two], 400, 100, 'alone');
    expect(performance.now() - start).toBeLessThan(3000);
    expect(through).toBeGreaterThanOrEqual(40);
    // Each of the two knows of a part of the sixty, and lets no more than the quota through.
    expect(60 + through).toBeLessThanOrEqual(2 * 100);
    redis.resume();
    await eventually(() => Promise.resolve(one.connection.isUp && two.connection.isUp), 10_000);
    expect(await flood([one, two], 100, 100, 'alone')).toBe(0);
  }, 30_000);
});
