export interface BatcherOptions {
  /** Items that one flush may take. */
  readonly maxItems: number;
  /** Flushes that may run at once. */
  readonly maxConcurrent: number;
  /** So many items are worth a flush beside one that runs; fewer wait for it. */
  readonly worthwhile?: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: items that arrive while a flush runs share the next one. A lone item is flushed at once, so nobody
 * waits for company; under load the batches grow by themselves. `flush` answers one result per item, in order; when
 * it rejects, every item of that batch is rejected.
 */
export class Batcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = 0;

  constructor(
    private readonly flush: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly options: BatcherOptions = { maxItems: 256, maxConcurrent: 1 },
  ) {}

  add(item: Item): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      // One turn of the event loop lets requests that arrived in the same packet join.
      setImmediate(() => {
        this.pump();
      });
    });
  }

  private pump(): void {
    const { maxConcurrent, worthwhile = 1 } = this.options;
    while (this.running < maxConcurrent && this.waiting.length >= (this.running === 0 ? 1 : worthwhile)) {
      const batch = this.waiting.splice(0, this.options.maxItems);
      this.running += 1;
      void this.run(batch).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async run(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.flush(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        if (index < results.length) resolve(results[index] as Result);
        else reject(new Error('The flush answered fewer results than it was given items.'));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
