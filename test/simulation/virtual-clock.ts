import type { Random } from '../faults/crash/random.js';

/** Whose work it is: what a dead one had planned never happens, what a frozen one had planned happens late. */
export interface Owner {
  readonly isDead: boolean;
  readonly frozenUntil: number;
}

interface Planned {
  at: number;
  readonly order: number;
  readonly owner: Owner | null;
  readonly run: () => void;
  isCancelled: boolean;
}

const REAL = {
  setTimeout: globalThis.setTimeout,
  setInterval: globalThis.setInterval,
  setImmediate: globalThis.setImmediate,
  clearTimeout: globalThis.clearTimeout,
  clearInterval: globalThis.clearInterval,
  Date: globalThis.Date,
  random: Math.random.bind(Math),
};

/** Runs every promise that can go on, and nothing that waits for time. */
const settle = (): Promise<void> =>
  new Promise((resolve) => {
    REAL.setImmediate(resolve);
  });

/**
 * Time that passes only when it is told to. While it is installed, the timers, the date and the random numbers of the
 * code under test are its own: the same seed gives the same history. What a piece of work plans belongs to the owner
 * of that work, however many promises later it plans it.
 */
export class VirtualClock {
  now = 1_700_000_000_000;
  private readonly planned: Planned[] = [];
  private order = 0;
  private owner: Owner | null = null;

  constructor(private readonly random: Random) {}

  install(): void {
    const after = (run: () => void, ms = 0): Planned => this.plan(ms, run, this.owner);
    const every = (run: () => void, ms: number): { isCancelled: boolean } => {
      const interval = { isCancelled: false };
      const step = (): void => {
        if (interval.isCancelled) return;
        run();
        after(step, ms);
      };
      after(step, ms);
      return interval;
    };
    const cancel = (planned?: { isCancelled: boolean }): void => {
      if (planned) planned.isCancelled = true;
    };
    const now = (): number => this.now;
    class VirtualDate extends REAL.Date {
      constructor(...args: readonly (number | string)[]) {
        super(args[0] ?? now());
      }

      static override now(): number {
        return now();
      }
    }
    Object.assign(globalThis, {
      ...{ setTimeout: after, setInterval: every, setImmediate: after, Date: VirtualDate },
      ...{ clearTimeout: cancel, clearInterval: cancel },
    });
    Math.random = () => this.random.next();
  }

  uninstall(): void {
    const { random, ...timers } = REAL;
    Object.assign(globalThis, timers);
    Math.random = random;
  }

  /** Does the work as somebody's, with all that it plans. */
  async as(owner: Owner | null, run: () => void): Promise<void> {
    this.owner = owner;
    run();
    await settle();
    this.owner = null;
  }

  plan(inMs: number, run: () => void, owner: Owner | null): Planned {
    this.order += 1;
    const planned = { at: this.now + inMs, order: this.order, owner, run, isCancelled: false, unref: () => undefined };
    this.planned.push(planned);
    return planned;
  }

  async advance(ms: number): Promise<void> {
    const end = this.now + ms;
    for (let next = this.takeNext(end); next !== null; next = this.takeNext(end)) {
      this.now = Math.max(this.now, next.at);
      await this.as(next.owner, next.run);
    }
    this.now = end;
  }

  private takeNext(end: number): Planned | null {
    for (;;) {
      const index = this.findNext(end);
      const [next] = index === null ? [] : this.planned.splice(index, 1);
      if (next === undefined) return null;
      if (next.isCancelled || next.owner?.isDead === true) continue;
      if (this.now >= this.thawOf(next)) return next;
      next.at = this.thawOf(next);
      this.planned.push(next);
    }
  }

  /** When its owner goes on, if it stands still at the time that was planned. */
  private thawOf({ at, owner }: Planned): number {
    const frozenUntil = owner?.frozenUntil ?? 0;
    return frozenUntil > at ? frozenUntil : 0;
  }

  private findNext(end: number): number | null {
    let found: number | null = null;
    for (const [index, { at, order }] of this.planned.entries()) {
      if (at > end) continue;
      const best = found === null ? undefined : this.planned[found];
      if (best === undefined || at < best.at || (at === best.at && order < best.order)) found = index;
    }
    return found;
  }
}
