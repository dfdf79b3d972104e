/** Work that is due later; none of it keeps the process alive, and all of it can be called off. */
export class Timers {
  private readonly running = new Set<NodeJS.Timeout>();

  get pending(): number {
    return this.running.size;
  }

  after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.running.delete(timer);
      work();
    }, ms);
    timer.unref();
    this.running.add(timer);
  }

  cancelAll(): void {
    for (const timer of this.running) clearTimeout(timer);
    this.running.clear();
  }
}
