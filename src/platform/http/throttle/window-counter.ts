import type { RateLimitPolicy, Verdict } from './rate-limit.js';
import type { Granted, SharedWindows } from './shared-windows.js';

/** Subjects that are remembered before those whose window is over are swept out. */
const SWEEP_AT = 20_000;
/** More than this nobody needs to remember: whoever has so many addresses is no single client. */
const REMEMBERED_AT_MOST = 200_000;
/** Who is over the limit is told so from memory for this long: a flood of refusals asks Redis once. */
const REFUSAL_LIFE_MS = 1000;

export interface TakeOptions {
  readonly count?: number;
  /** How long a new window lives; by default the policy's. */
  readonly lifeMs?: number;
  /** What had been used before this process knew of the window, or while it could not share it. */
  readonly usedBefore?: () => Promise<number>;
}

interface Waiter {
  readonly policy: RateLimitPolicy;
  readonly count: number;
  readonly lifeMs: number;
  readonly usedBefore: (() => Promise<number>) | undefined;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: unknown) => void;
}

interface Subject {
  used: number;
  born: string;
  endsAt: number;
  /** When Redis was asked last, and whether it answered. */
  askedAt: number;
  isShared: boolean;
  /** What had been used before is in `used`. */
  isFormed: boolean;
  waiting: Waiter[];
  isAsking: boolean;
}

const freshWindow = (endsAt: number): Omit<Subject, 'waiting' | 'isAsking'> => ({
  ...{ used: 0, born: '', endsAt, askedAt: 0, isShared: false, isFormed: false },
});

/** Redis has just said that there is no room for it. */
const isLatelyRefused = ({ isShared, used, askedAt }: Subject, mostUsed: number): boolean =>
  isShared && used > mostUsed && performance.now() - askedAt < REFUSAL_LIFE_MS;

const verdictOf = (policy: RateLimitPolicy, isAllowed: boolean, used: number, endsAt: number): Verdict => ({
  policy,
  isAllowed,
  remaining: Math.max(0, policy.quota - used),
  resetSeconds: Math.max(1, Math.ceil((endsAt - performance.now()) / 1000)),
});

/**
 * Counts how much of a policy each subject has used in its window. Without Redis it answers at once; with it, requests of
 * the same subject that come while Redis is asked share the next round trip. While Redis is away each process goes on
 * from what was known (ADR 0022).
 */
export class WindowCounter {
  private readonly subjects = new Map<string, Subject>();
  private sweepAt = SWEEP_AT;

  constructor(private readonly shared: SharedWindows | undefined) {}

  /** How many subjects are remembered. */
  get size(): number {
    return this.subjects.size;
  }

  take(policy: RateLimitPolicy, name: string, options: TakeOptions = {}): Verdict | Promise<Verdict> {
    const { count = 1, lifeMs = policy.windowSeconds * 1000, usedBefore } = options;
    const subject = this.find(name, lifeMs);
    if (!subject.isAsking) {
      if (isLatelyRefused(subject, policy.quota - count)) {
        return verdictOf(policy, false, subject.used, subject.endsAt);
      }
      const isKnown = usedBefore === undefined || subject.isFormed;
      if (isKnown && this.shared === undefined) return this.takeHere(subject, policy, count);
    }
    return new Promise((resolve, reject) => {
      subject.waiting.push({ policy, count, lifeMs, usedBefore, resolve, reject });
      if (!subject.isAsking) void this.ask(name, subject);
    });
  }

  /** What was taken was not used after all. */
  async giveBack(name: string, count: number): Promise<void> {
    const subject = this.subjects.get(name);
    if (subject === undefined) return;
    subject.used = Math.max(0, subject.used - count);
    if (subject.isShared) await this.shared?.giveBack(name, count).catch(() => undefined);
  }

  private takeHere(subject: Subject, policy: RateLimitPolicy, count: number): Verdict {
    const isAllowed = subject.used + count <= policy.quota;
    if (isAllowed) subject.used += count;
    return verdictOf(policy, isAllowed, subject.used, subject.endsAt);
  }

  /** One at a time for each subject, so that nobody is granted what is being asked for. */
  private async ask(name: string, subject: Subject): Promise<void> {
    subject.isAsking = true;
    while (subject.waiting.length > 0) {
      const batch = this.nextBatch(subject);
      const now = performance.now();
      // Under load it is asked without a pause, and windows end meanwhile.
      if (subject.endsAt <= now) Object.assign(subject, freshWindow(now + (batch[0]?.lifeMs ?? 0)));
      try {
        await this.form(subject, batch);
        await this.answer(name, subject, batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    subject.isAsking = false;
  }

  /** Those who want one each are asked for together; who wants several gets all or nothing. */
  private nextBatch(subject: Subject): readonly Waiter[] {
    const several = subject.waiting.findIndex(({ count }) => count !== 1);
    const length = several === -1 ? subject.waiting.length : Math.max(1, several);
    return subject.waiting.splice(0, length);
  }

  /** Nothing is known of it yet, or Redis went or came back since: others may have used some of it. */
  private async form(subject: Subject, [first]: readonly Waiter[]): Promise<void> {
    const isShared = this.shared?.isUp === true;
    if (subject.isFormed && subject.isShared === isShared) return;
    if (first?.usedBefore) {
      subject.used = Math.max(subject.used, await first.usedBefore());
      // What was found counts, whatever the shared counter says.
      subject.born = '';
    }
    subject.isFormed = true;
    subject.isShared = isShared;
  }

  private async answer(name: string, subject: Subject, batch: readonly Waiter[]): Promise<void> {
    const granted = await this.grant(name, subject, batch);
    if (granted === null) {
      for (const { policy, count, resolve } of batch) resolve(this.takeHere(subject, policy, count));
      return;
    }
    let left = granted.granted;
    let used = granted.used - left;
    for (const { policy, count, resolve } of batch) {
      const isAllowed = left >= count;
      if (isAllowed) {
        left -= count;
        used += count;
      }
      resolve(verdictOf(policy, isAllowed, used, subject.endsAt));
    }
  }

  private async grant(name: string, subject: Subject, batch: readonly Waiter[]): Promise<Granted | null> {
    const [first] = batch;
    if (first === undefined || this.shared?.isUp !== true) return this.goOnAlone(subject);
    const count = batch.reduce((sum, waiter) => sum + waiter.count, 0);
    const askedAt = performance.now();
    const known = { used: subject.used, born: subject.born, lifeMs: subject.endsAt - askedAt };
    const wanted = { count, quota: first.policy.quota, isWhole: batch.length === 1 && first.count > 1 };
    try {
      const granted = await this.shared.grant(name, wanted, known);
      // From before it was asked: a window must not be thought to last longer than it does.
      const endsAt = askedAt + granted.lifeMs;
      Object.assign(subject, { used: granted.used, born: granted.born, endsAt, askedAt, isShared: true });
      return granted;
    } catch {
      return this.goOnAlone(subject);
    }
  }

  private goOnAlone(subject: Subject): null {
    subject.born = '';
    if (subject.isShared) subject.isFormed = false;
    subject.isShared = false;
    return null;
  }

  private find(name: string, lifeMs: number): Subject {
    const now = performance.now();
    const known = this.subjects.get(name);
    if (known !== undefined && (known.endsAt > now || known.isAsking)) return known;
    if (this.subjects.size >= this.sweepAt) this.sweep(now);
    const subject = { ...freshWindow(now + lifeMs), waiting: [], isAsking: false };
    this.subjects.set(name, subject);
    return subject;
  }

  private sweep(now: number): void {
    for (const [name, subject] of this.subjects) {
      if (subject.endsAt <= now && !subject.isAsking) this.subjects.delete(name);
    }
    for (const name of this.subjects.keys()) {
      if (this.subjects.size < REMEMBERED_AT_MOST) break;
      this.subjects.delete(name);
    }
    this.sweepAt = Math.max(SWEEP_AT, this.subjects.size * 2);
  }
}
