import { TooBusyError } from './crypto.errors.js';

/** Lets so many works run at once and so many wait; whoever comes after that is refused at once. */
export class BoundedQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly maxRunning: number,
    private readonly maxWaiting: number,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.maxRunning) this.running += 1;
    else await this.takeTurn();
    try {
      return await work();
    } finally {
      // The place is handed on, not given back: a newcomer cannot slip in before those who wait.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private takeTurn(): Promise<void> {
    if (this.waiting.length >= this.maxWaiting) throw new TooBusyError();
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
