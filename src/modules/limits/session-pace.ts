import { setTimeout as sleep } from 'node:timers/promises';

import { nextSend, type PaceRules, withinDay } from './domain/pace.js';
import type { PaceRepository } from './pace.repository.js';

/** A ceiling may be lifted while somebody waits for it. */
const LOOK_AGAIN_MS = 5000;
const REMEMBERED = 10_000;

/** The pace of one opened session, kept by the process that drives it; what was sent before is read once. */
export class SessionPace {
  private sent: number[] | undefined;

  constructor(
    private readonly sessionId: string,
    private readonly repository: PaceRepository,
    private readonly onCeiling: (ceiling: string, until: Date) => Promise<void>,
  ) {}

  /** Resolves when the next message may leave (true), or when nothing waits or it was aborted (false). */
  async untilFree(rulesNow: () => Promise<PaceRules | null>, signal: AbortSignal): Promise<boolean> {
    this.sent ??= (await this.repository.findSent(this.sessionId, REMEMBERED)).map((at) => at.getTime());
    for (let told = 0; ;) {
      const [rules, next] = await Promise.all([rulesNow(), this.repository.findNext(this.sessionId)]);
      if (rules === null || next === null || signal.aborted) return false;
      this.sent = withinDay(this.sent, Date.now());
      const { untilMs, ceiling } = nextSend(rules, { ...next, dueAtMs: next.dueAt.getTime() }, this.sent);
      const waitMs = untilMs - Date.now();
      if (waitMs <= 0) return true;
      if (ceiling !== null && told !== untilMs) {
        told = untilMs;
        await this.onCeiling(ceiling, new Date(untilMs));
      }
      await sleep(Math.min(waitMs, LOOK_AGAIN_MS), undefined, { signal }).catch(() => undefined);
    }
  }

  /** A try begins. */
  note(): void {
    this.sent?.push(Date.now());
  }
}
