import { setTimeout as sleep } from 'node:timers/promises';

import type { RateLimitPolicy, Verdict } from './rate-limit.js';
import { WindowCounter } from './window-counter.js';

type Answer = Verdict | Promise<Verdict>;

const policy = (quota: number): RateLimitPolicy => ({ name: 'p', quota, windowSeconds: 60 });

describe(WindowCounter.name, () => {
  it('answers at once without Redis, and lets exactly the quota through', () => {
    const counter = new WindowCounter(undefined);
    const verdicts = Array.from({ length: 5 }, () => counter.take(policy(3), 'ann'));
    expect(verdicts).toMatchObject([
      { isAllowed: true, remaining: 2, resetSeconds: 60 },
      { isAllowed: true, remaining: 1 },
      { isAllowed: true, remaining: 0 },
      { isAllowed: false, remaining: 0 },
      { isAllowed: false, remaining: 0 },
    ]);
    expect(counter.take(policy(3), 'bob')).toMatchObject({ isAllowed: true, remaining: 2 });
  });

  it('begins anew when the window is over', async () => {
    const counter = new WindowCounter(undefined);
    const take = (): Answer => counter.take(policy(1), 'ann', { lifeMs: 30 });
    expect([await take(), await take()]).toMatchObject([{ isAllowed: true }, { isAllowed: false }]);
    await sleep(40);
    expect(await take()).toMatchObject({ isAllowed: true });
  });

  it('takes all of several or nothing, and takes back what is given back', async () => {
    const counter = new WindowCounter(undefined);
    const take = (count: number): Answer => counter.take(policy(5), 'ann', { count });
    expect(await take(3)).toMatchObject({ isAllowed: true, remaining: 2 });
    expect(await take(3)).toMatchObject({ isAllowed: false, remaining: 2 });
    await counter.giveBack('ann', 1);
    expect(await take(3)).toMatchObject({ isAllowed: true, remaining: 0 });
  });

  it('asks once what had been used before, and everybody waits for the answer', async () => {
    const counter = new WindowCounter(undefined);
    let asked = 0;
    const usedBefore = async (): Promise<number> => {
      asked += 1;
      await sleep(5);
      return 7;
    };
    const verdicts = await Promise.all(
      Array.from({ length: 5 }, async () => counter.take(policy(10), 'key', { usedBefore })),
    );
    expect(verdicts.map(({ isAllowed }) => isAllowed)).toEqual([true, true, true, false, false]);
    expect(asked).toBe(1);
    expect(counter.take(policy(10), 'key', { usedBefore })).toMatchObject({ isAllowed: false });
  });

  it('refuses while nobody can say what had been used before, and asks again', async () => {
    const counter = new WindowCounter(undefined);
    const usedBefore = (): Promise<number> => Promise.reject(new Error('the database is away'));
    await expect(counter.take(policy(10), 'key', { usedBefore })).rejects.toThrow('away');
    expect(await counter.take(policy(10), 'key', { usedBefore: () => Promise.resolve(9) })).toMatchObject({
      isAllowed: true,
      remaining: 0,
    });
  });

  it('forgets whose window is over, however many there were', async () => {
    const counter = new WindowCounter(undefined);
    for (let i = 0; i < 20_000; i += 1) await counter.take(policy(1), `net-${String(i)}`, { lifeMs: 1 });
    await sleep(5);
    await counter.take(policy(1), 'one more', { lifeMs: 60_000 });
    expect(counter.size).toBe(1);
  });
});
