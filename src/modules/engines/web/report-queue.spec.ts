import { ReportQueue } from './report-queue.js';

describe(ReportQueue.name, () => {
  it('delivers in order, and holds the next back until the one before is stored', async () => {
    const queue = new ReportQueue('one');
    const stored: number[] = [];
    let failures = 1;
    queue.add(() => {
      failures -= 1;
      if (failures >= 0) return Promise.reject(new Error('no database'));
      stored.push(1);
      return Promise.resolve();
    });
    const second = new Promise<void>((resolve) => {
      queue.add(() => {
        stored.push(2);
        resolve();
        return Promise.resolve();
      });
    });
    await second;
    expect(stored).toEqual([1, 2]);
  });

  it('waits for what is under way when it is stopped, and begins nothing more', async () => {
    const queue = new ReportQueue('one');
    const stored: number[] = [];
    queue.add(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      stored.push(1);
    });
    queue.add(() => {
      stored.push(2);
      return Promise.resolve();
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await queue.stop();
    expect(stored).toEqual([1]);
    queue.add(() => {
      stored.push(3);
      return Promise.resolve();
    });
    await queue.stop();
    expect(stored).toEqual([1]);
  });

  it('does not wait out the pause before another try when it is stopped', async () => {
    const queue = new ReportQueue('one');
    queue.add(() => Promise.reject(new Error('no database')));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const startedAt = performance.now();
    await queue.stop();
    expect(performance.now() - startedAt).toBeLessThan(100);
  });
});
