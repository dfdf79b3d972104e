import { Injectable } from '@nestjs/common';

import { Transactions } from '../../platform/prisma/transactions.js';
import { type Session, SessionDirectory } from '../sessions/index.js';
import { LimitReached } from './domain/limits.events.js';
import { drawDelay, isPaced, type PaceRules } from './domain/pace.js';
import { PaceRepository } from './pace.repository.js';
import { SessionPace } from './session-pace.js';

/** An estimate that is older is read anew: other processes accept messages too. */
const ESTIMATE_LIFE_MS = 10_000;

/** How fast sessions send, and what is told of it. */
@Injectable()
export class Pacer {
  private readonly estimates = new Map<string, { readonly readAt: number; freeAt: number }>();

  constructor(
    private readonly repository: PaceRepository,
    private readonly sessions: SessionDirectory,
    private readonly transactions: Transactions,
  ) {}

  /** The pause of a new message, in milliseconds; 0 on a session that is not paced. */
  draw({ settings }: Session): number {
    return drawDelay(settings.pacing);
  }

  /** When a message with this pause is expected to leave. */
  async estimate({ id, settings }: Session, delayMs: number): Promise<Date> {
    const now = Date.now();
    if (!isPaced(settings.pacing)) return new Date(now);
    let known = this.estimates.get(id);
    if (known === undefined || now - known.readAt > ESTIMATE_LIFE_MS) {
      known = { readAt: now, freeAt: now + (await this.repository.sumWaiting(id)) };
      this.estimates.set(id, known);
    }
    known.freeAt = Math.max(now, known.freeAt) + delayMs;
    return new Date(known.freeAt);
  }

  /** Null while the session is not paced. */
  async rulesOf(sessionId: string): Promise<PaceRules | null> {
    const pacing = (await this.sessions.find(sessionId))?.settings.pacing;
    return pacing && isPaced(pacing) ? pacing : null;
  }

  paceOf(sessionId: string): SessionPace {
    return new SessionPace(sessionId, this.repository, (policy, until) =>
      this.transactions.run((tx) => {
        tx.record(LimitReached, sessionId, { policy, until: until.toISOString() });
        return Promise.resolve();
      }),
    );
  }
}
