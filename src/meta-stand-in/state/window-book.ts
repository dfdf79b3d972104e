import { BoundedMap } from '../base/bounded-map.js';

const HOUR_MS = 60 * 60 * 1000;
const WINDOW_MS = 24 * HOUR_MS;
/** After a message from an ad everything is free for 72 hours ("Pricing", free entry points). */
const ENTRY_MS = 72 * HOUR_MS;

/** The customer service windows: who wrote to which number, and when ("Send messages", customer service windows). */
export class WindowBook {
  private readonly lastWords: BoundedMap<number>;
  private readonly entries: BoundedMap<number>;

  constructor(
    limit: number,
    private readonly nowMs: () => number,
  ) {
    this.lastWords = new BoundedMap(limit);
    this.entries = new BoundedMap(limit);
  }

  open(phoneNumberId: string, waId: string, atMs = this.nowMs()): void {
    this.lastWords.set(`${phoneNumberId}:${waId}`, atMs);
  }

  close(phoneNumberId: string, waId: string): void {
    this.lastWords.delete(`${phoneNumberId}:${waId}`);
  }

  isOpen(phoneNumberId: string, waId: string): boolean {
    const last = this.lastWords.get(`${phoneNumberId}:${waId}`);
    return last !== undefined && this.nowMs() - last < WINDOW_MS;
  }

  /** The person came from an ad. */
  enter(phoneNumberId: string, waId: string): void {
    this.entries.set(`${phoneNumberId}:${waId}`, this.nowMs());
  }

  isEntered(phoneNumberId: string, waId: string): boolean {
    const entered = this.entries.get(`${phoneNumberId}:${waId}`);
    return entered !== undefined && this.nowMs() - entered < ENTRY_MS;
  }

  clear(): void {
    this.lastWords.clear();
    this.entries.clear();
  }
}
