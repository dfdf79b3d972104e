const COMPACT_AT = 1024;

/** First come, first served, or by chance; taking one costs the same however many wait. */
export class WaitingLine<T> {
  private items: T[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** Takes the one at this place, counted from the front; the first one moves into its place. */
  take(place = 0): T | undefined {
    const item = this.items[this.head + place];
    if (item === undefined) return undefined;
    this.items[this.head + place] = this.items[this.head] as T;
    this.head += 1;
    if (this.head < COMPACT_AT || this.head * 2 < this.items.length) return item;
    this.items = this.items.slice(this.head);
    this.head = 0;
    return item;
  }

  clear(): void {
    this.items = [];
    this.head = 0;
  }
}
