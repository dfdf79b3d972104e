import { BoundedQueue } from './bounded-queue.js';
import { TooBusyError } from './crypto.errors.js';

const gate = (): { readonly open: () => void; readonly opened: Promise<void> } => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

describe(BoundedQueue.name, () => {
  it('runs no more at once than it may, in the order of arrival, and all of them', async () => {
    const queue = new BoundedQueue(2, 100);
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        queue.run(async () => {
          running += 1;
          most = Math.max(most, running);
          order.push(i);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
          running -= 1;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('refuses whoever comes when it is full, and takes the next one when a place is free', async () => {
    const queue = new BoundedQueue(1, 1);
    const { open, opened } = gate();
    const first = queue.run(() => opened);
    const second = queue.run(() => Promise.resolve('second'));
    await expect(queue.run(() => Promise.resolve('third'))).rejects.toThrow(TooBusyError);
    open();
    await first;
    await expect(second).resolves.toBe('second');
    await expect(queue.run(() => Promise.resolve('fourth'))).resolves.toBe('fourth');
  });

  it('goes on after a work that failed', async () => {
    const queue = new BoundedQueue(1, 1);
    await expect(queue.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await expect(queue.run(() => Promise.resolve('next'))).resolves.toBe('next');
  });
});
