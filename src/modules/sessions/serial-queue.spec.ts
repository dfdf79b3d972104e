import { setTimeout as sleep } from 'node:timers/promises';

import { SerialQueue } from './serial-queue.js';

describe(SerialQueue.name, () => {
  it('runs one after the other, in the order in which they were given', async () => {
    const queue = new SerialQueue();
    const seen: string[] = [];
    const work = (name: string, ms: number) => () =>
      sleep(ms).then(() => {
        seen.push(name);
      });
    await Promise.all([queue.run(work('slow', 20)), queue.run(work('quick', 0)), queue.run(work('last', 0))]);
    expect(seen).toEqual(['slow', 'quick', 'last']);
  });

  it.each([1, 2, 5])('runs at most %d at once', async (width) => {
    const queue = new SerialQueue(width);
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await sleep(1);
      running -= 1;
    };
    await Promise.all(Array.from({ length: 30 }, () => queue.run(work)));
    expect(most).toBe(width);
    expect(running).toBe(0);
  });

  it('hands a failure to its caller and goes on', async () => {
    const queue = new SerialQueue();
    const failing = queue.run(() => Promise.reject(new Error('no')));
    const throwing = queue.run(() => {
      throw new Error('at once');
    });
    const next = queue.run(() => Promise.resolve('went on'));
    await expect(failing).rejects.toThrow('no');
    await expect(throwing).rejects.toThrow('at once');
    await expect(next).resolves.toBe('went on');
  });
});
