import type { SimEvent } from './records.ts';
import { SimError } from './sim-error.ts';

const KEPT_EVENTS = 20_000;

interface Waiter {
  readonly fits: (event: SimEvent) => boolean;
  readonly resolve: (event: SimEvent) => void;
  readonly reject: (reason: SimError) => void;
  readonly timer: NodeJS.Timeout;
}

/** All that happened, in order: read after a test, or waited for during one. */
export class Journal {
  private readonly kept: SimEvent[] = [];
  private readonly waiters = new Set<Waiter>();
  private lastSeq = 0;

  record(type: string, detail: Readonly<Record<string, unknown>> = {}): void {
    const event: SimEvent = { seq: ++this.lastSeq, at: Date.now(), type, ...detail };
    this.kept.push(event);
    if (this.kept.length > KEPT_EVENTS) this.kept.shift();
    for (const waiter of [...this.waiters]) {
      if (!waiter.fits(event)) continue;
      this.dismiss(waiter);
      waiter.resolve(event);
    }
  }

  list(fits: (event: SimEvent) => boolean): SimEvent[] {
    return this.kept.filter(fits);
  }

  next(fits: (event: SimEvent) => boolean, timeoutMs: number): Promise<SimEvent> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.dismiss(waiter);
        reject(new SimError(408, 'timeout'));
      }, timeoutMs);
      const waiter: Waiter = { fits, resolve, reject, timer };
      this.waiters.add(waiter);
    });
  }

  clear(): void {
    this.kept.length = 0;
  }

  /** Refuses those who still wait, so that nothing keeps the process alive. */
  close(): void {
    for (const waiter of [...this.waiters]) {
      this.dismiss(waiter);
      waiter.reject(new SimError(503, 'the simulator stops'));
    }
  }

  private dismiss(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    this.waiters.delete(waiter);
  }
}
