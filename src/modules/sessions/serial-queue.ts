/** Runs what it is given in order, at most `width` at once. A failure goes to its caller and holds nobody up. */
export class SerialQueue {
  private readonly waiting: (() => void)[] = [];
  private busy = 0;

  constructor(private readonly width = 1) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy >= this.width) {
      await new Promise<void>((go) => {
        this.waiting.push(go);
      });
    } else this.busy += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.busy -= 1;
    }
  }
}
