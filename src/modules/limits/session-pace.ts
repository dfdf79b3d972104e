import { setTimeout as sleep } from 'node:timers/promises';

import { type Ceiling, nextSend, type PaceRules, remembered } from './domain/pace.js';
import type { PaceRepository } from './pace.repository.js';

/** A ceiling may be lifted while somebody waits for it. */
const LOOK_AGAIN_MS = 5000;

/** The pace of one opened session, kept by the process that drives it; what was sent before is read once. */
export class SessionPace {
  private sent: number[] = [];
  /** How many sends of the last day `sent` would hold; a higher ceiling needs more of them. */
  private reach = 0;

  constructor(
    private readonly sessionId: string,
    private readonly repository: PaceRepository,
    private readonly onCeiling: (ceiling: Ceiling, until: Date) => Promise<void>,
  ) {}

  /** Resolves when the next message may leave (true), or when nothing waits or it was aborted (false). */
  async untilFree(rulesNow: () => Promise<PaceRules | null>, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const [rules, next] = await Promise.all([rulesNow(), this.repository.findNext(this.sessionId)]);
      if (rules === null || next === null || signal.aborted) return false;
      const sent = await this.sentUnder(rules);
      const { untilMs, ceiling } = nextSend(rules, { ...next, dueAtMs: next.dueAt.getTime() }, sent);
      const waitMs = untilMs - Date.now();
      if (waitMs <= 0) return true;
      if (ceiling !== null) await this.onCeiling(ceiling, new Date(untilMs));
      await sleep(Math.min(waitMs, LOOK_AGAIN_MS), undefined, { signal }).catch(() => undefined);
    }
  }

  /** A try begins. */
  note(): void {
    this.sent.push(Date.now());
    // Trimmed now and then, not with each send.
    if (this.sent.length > 2 * this.reach) this.sent = this.sent.slice(-this.reach);
  }

  /** Times of the last sends, as many as these rules look at, oldest first. */
  private async sentUnder(rules: PaceRules): Promise<readonly number[]> {
    const reach = remembered(rules);
    if (reach > this.reach) {
      const sent = await this.repository.findSent(this.sessionId, reach);
      this.sent = sent.map((at) => at.getTime());
      this.reach = reach;
    }
    return this.sent;
  }
}
