import { BoundedMap } from '../base/bounded-map.js';
import { type Behaviour } from './behaviour.js';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;

/** A window that starts with its first call: close enough to Meta's, whose exact form is not documented. */
interface Count {
  startedMs: number;
  calls: number;
}

/** The documented limits: throughput of a number, the pair of number and person, and management calls of an account. */
export class Limits {
  private readonly counts: BoundedMap<Count>;
  /** Per pair, until when its messages are spent in advance. */
  private readonly pairs: BoundedMap<number>;

  constructor(
    size: number,
    private readonly behaviour: Behaviour,
    private readonly nowMs: () => number,
  ) {
    this.counts = new BoundedMap(size);
    this.pairs = new BoundedMap(size);
  }

  takeThroughput(phoneNumberId: string): boolean {
    return this.take(`throughput:${phoneNumberId}`, this.behaviour.throughputPerSecond, SECOND_MS);
  }

  takeManagement(accountId: string): boolean {
    return this.take(`management:${accountId}`, this.behaviour.managementPerHour, HOUR_MS);
  }

  /** The part of the hour's calls that is used up, in percent. */
  usedManagement(accountId: string): number {
    const calls = this.counts.get(`management:${accountId}`)?.calls ?? 0;
    const limit = this.behaviour.managementPerHour;
    return limit === 0 ? 0 : Math.min(100, Math.round((calls / limit) * 100));
  }

  /** One message per 6 seconds, and a burst that is borrowed from the future. */
  takePair(phoneNumberId: string, waId: string): boolean {
    const { pairEveryMs, pairBurst } = this.behaviour;
    if (pairEveryMs === 0) return true;
    const key = `${phoneNumberId}:${waId}`;
    const now = this.nowMs();
    const spentUntil = Math.max(now, this.pairs.get(key) ?? 0) + pairEveryMs;
    if (spentUntil - now > pairEveryMs * pairBurst) return false;
    this.pairs.set(key, spentUntil);
    return true;
  }

  clear(): void {
    this.counts.clear();
    this.pairs.clear();
  }

  private take(key: string, limit: number, windowMs: number): boolean {
    if (limit === 0) return true;
    const now = this.nowMs();
    const found = this.counts.get(key);
    const count = found !== undefined && now - found.startedMs < windowMs ? found : { startedMs: now, calls: 0 };
    if (count !== found) this.counts.set(key, count);
    if (count.calls >= limit) return false;
    count.calls += 1;
    return true;
  }
}
