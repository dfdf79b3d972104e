import { EventEmitter } from 'node:events';

import type { KeyvStoreAdapter } from 'keyv';

import type { MemoryStore } from './memory-store.js';
import type { RedisConnection } from './redis-connection.js';

/** What the process wrote while Redis was away, and Redis therefore has not, or has in an old form. */
type Missed = { readonly value: unknown; readonly expiresAt: number | undefined } | 'deleted';

const MAX_MISSED = 10_000;

/**
 * Redis with a copy in this process. While Redis is away the copy answers; before Redis is used again it is brought
 * up to date, so that nothing older than what was written meanwhile (a stale QR) comes back out of it.
 */
export class ResilientStore extends EventEmitter implements KeyvStoreAdapter {
  readonly opts = {};
  namespace?: string;
  private readonly missed = new Map<string, Missed>();

  constructor(
    private readonly remote: Pick<KeyvStoreAdapter, 'get' | 'set' | 'delete'>,
    private readonly local: MemoryStore,
    private readonly redis: RedisConnection,
  ) {
    super();
    redis.onRestored(() => this.catchUp());
  }

  async get<T>(key: string): Promise<T | undefined> {
    if (this.missed.has(key)) return this.local.get<T>(key);
    try {
      return (await this.redis.run(() => this.remote.get<T>(key))) as T | undefined;
    } catch {
      return this.local.get<T>(key);
    }
  }

  async set(key: string, value: unknown, ttlMs?: number): Promise<boolean> {
    await this.local.set(key, value, ttlMs);
    const expiresAt = ttlMs === undefined ? undefined : Date.now() + ttlMs;
    await this.write(key, { value, expiresAt });
    return true;
  }

  async delete(key: string): Promise<boolean> {
    await this.local.delete(key);
    await this.write(key, 'deleted');
    return true;
  }

  /** Redis is shared with others: only the copy of this process is cleared. */
  clear(): Promise<void> {
    return this.local.clear();
  }

  private async write(key: string, change: Missed): Promise<void> {
    // Noted first: a reader that comes between must not find the old value.
    this.note(key, change);
    try {
      await this.redis.run(() => this.send(key, change));
      if (this.missed.get(key) === change) this.missed.delete(key);
    } catch {
      // It stays noted until Redis is back.
    }
  }

  private note(key: string, change: Missed): void {
    this.missed.delete(key);
    this.missed.set(key, change);
    if (this.missed.size <= MAX_MISSED) return;
    const oldest = this.missed.keys().next();
    if (oldest.done === false) this.missed.delete(oldest.value);
  }

  private async send(key: string, change: Missed): Promise<void> {
    if (change === 'deleted') {
      await this.remote.delete(key);
      return;
    }
    const ttlMs = change.expiresAt === undefined ? undefined : change.expiresAt - Date.now();
    if (ttlMs !== undefined && ttlMs <= 0) await this.remote.delete(key);
    else await this.remote.set(key, change.value, ttlMs);
  }

  private async catchUp(): Promise<void> {
    for (const [key, change] of this.missed) {
      await this.send(key, change);
      if (this.missed.get(key) === change) this.missed.delete(key);
    }
  }
}
