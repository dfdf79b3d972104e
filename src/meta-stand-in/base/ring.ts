/** The newest records, and how many there were in all. */
export class Ring<T> {
  private readonly items: T[] = [];
  private seen = 0;

  constructor(private readonly limit: number) {}

  get total(): number {
    return this.seen;
  }

  add(item: T): void {
    this.seen += 1;
    this.items.push(item);
    // A few too many for a moment: one cut of many costs less than many cuts of one.
    if (this.items.length >= this.limit * 2) this.items.splice(0, this.items.length - this.limit);
  }

  all(): readonly T[] {
    return this.items.slice(-this.limit);
  }

  clear(): void {
    this.items.length = 0;
    this.seen = 0;
  }
}
