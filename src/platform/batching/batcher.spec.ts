import { setTimeout as sleep } from 'node:timers/promises';

import { Batcher, type BatcherOptions } from './batcher.js';

describe(Batcher.name, () => {
  interface Bench {
    readonly batcher: Batcher<number, string>;
    readonly batches: readonly (readonly number[])[];
    readonly gates: readonly (() => void)[];
    readonly open: () => Promise<void>;
  }

  /** Keeps what each flush was given, and lets them end when the test says so. */
  const create = (options?: BatcherOptions): Bench => {
    const batches: (readonly number[])[] = [];
    const gates: (() => void)[] = [];
    const batcher = new Batcher<number, string>(async (items) => {
      batches.push(items);
      await new Promise<void>((go) => gates.push(go));
      return items.map((item) => `<${String(item)}>`);
    }, options);
    const open = async (): Promise<void> => {
      while (gates.length > 0) {
        gates.shift()?.();
        await sleep(1);
      }
    };
    return { batcher, batches, gates, open };
  };

  it('flushes a lone item at once and gives each its own result', async () => {
    const { batcher, batches, open } = create();
    const first = batcher.add(1);
    await sleep(1);
    expect(batches).toEqual([[1]]);
    const rest = Promise.all([batcher.add(2), batcher.add(3)]);
    await sleep(1);
    await open();
    await expect(first).resolves.toBe('<1>');
    await expect(rest).resolves.toEqual(['<2>', '<3>']);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('takes what comes while a flush runs into the next one, in order', async () => {
    const { batcher, batches, open } = create();
    const all = [batcher.add(0)];
    await sleep(1);
    for (let i = 1; i <= 5; i += 1) {
      all.push(batcher.add(i));
      await sleep(1);
    }
    expect(batches).toHaveLength(1);
    await open();
    await Promise.all(all);
    expect(batches).toEqual([[0], [1, 2, 3, 4, 5]]);
  });

  it('begins a flush beside one that runs for a worthwhile set only, and forgets nobody', async () => {
    const { batcher, batches, gates, open } = create({ maxItems: 10, maxConcurrent: 2, worthwhile: 3 });
    const all = [batcher.add(0)];
    await sleep(1);
    all.push(batcher.add(1), batcher.add(2));
    await sleep(1);
    expect(batches).toEqual([[0]]);
    all.push(batcher.add(3));
    await sleep(1);
    expect(batches).toEqual([[0], [1, 2, 3]]);
    all.push(batcher.add(4));
    gates[0]?.();
    await sleep(1);
    expect(batches).toHaveLength(2);
    await open();
    await Promise.all(all);
    expect(batches).toEqual([[0], [1, 2, 3], [4]]);
  });

  it('holds to the size and to the number of flushes at once', async () => {
    const { batcher, batches, gates, open } = create({ maxItems: 3, maxConcurrent: 2 });
    const all = Array.from({ length: 10 }, (_, i) => batcher.add(i));
    await sleep(1);
    expect(gates).toHaveLength(2);
    expect(batches.map(({ length }) => length)).toEqual([3, 3]);
    await open();
    await expect(Promise.all(all)).resolves.toHaveLength(10);
    expect(batches.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('tells everybody of a batch that failed, and nobody else', async () => {
    let fails = true;
    const batcher = new Batcher<number, number>((items) => {
      if (fails) return Promise.reject(new Error('no database'));
      return Promise.resolve(items);
    });
    const failed = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    await expect(batcher.add(3)).resolves.toBe(3);
  });

  it('rejects an item without a result instead of leaving it waiting', async () => {
    const batcher = new Batcher<number, number>((items) => Promise.resolve(items.slice(1)));
    const settled = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('goes on after a flush that threw at once', async () => {
    let calls = 0;
    const batcher = new Batcher<number, number>((items) => {
      calls += 1;
      if (calls === 1) throw new Error('at once');
      return Promise.resolve(items);
    });
    await expect(batcher.add(1)).rejects.toThrow('at once');
    await expect(batcher.add(2)).resolves.toBe(2);
  });
});
