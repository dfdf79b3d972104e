import { EventEmitter } from 'node:events';

import type { KeyvStoreAdapter } from 'keyv';

interface Entry {
  readonly value: unknown;
  readonly expiresAt: number;
}

/** A cache in this process: bounded, so that nobody fills the memory with it; the oldest entries leave first. */
export class MemoryStore extends EventEmitter implements KeyvStoreAdapter {
  readonly opts = {};
  namespace?: string;
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly maxEntries = 10_000) {
    super();
  }

  get size(): number {
    return this.entries.size;
  }

  get<T>(key: string): Promise<T | undefined> {
    const entry = this.entries.get(key);
    if (entry === undefined) return Promise.resolve(undefined);
    if (entry.expiresAt <= Date.now()) {
      this.entries.delete(key);
      return Promise.resolve(undefined);
    }
    return Promise.resolve(entry.value as T);
  }

  set(key: string, value: unknown, ttlMs?: number): Promise<boolean> {
    this.entries.delete(key);
    this.entries.set(key, { value, expiresAt: ttlMs === undefined ? Infinity : Date.now() + ttlMs });
    if (this.entries.size > this.maxEntries) {
      const oldest = this.entries.keys().next();
      if (oldest.done === false) this.entries.delete(oldest.value);
    }
    return Promise.resolve(true);
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.entries.delete(key));
  }

  clear(): Promise<void> {
    this.entries.clear();
    return Promise.resolve();
  }
}
