import { Injectable } from '@nestjs/common';

import { Transactions } from '../../platform/prisma/transactions.js';
import { type Session, SessionDirectory } from '../sessions/index.js';
import { LimitReached } from './domain/limits.events.js';
import { type Ceiling, drawDelay, isPaced, type PaceRules, windowMsOf } from './domain/pace.js';
import { Forecast } from './forecast.js';
import { PaceRepository } from './pace.repository.js';
import { SessionPace } from './session-pace.js';

/** How fast sessions send, and what is told of it. */
@Injectable()
export class Pacer {
  private readonly forecast: Forecast;
  private readonly toldAt = new Map<string, number>();

  constructor(
    private readonly repository: PaceRepository,
    private readonly sessions: SessionDirectory,
    private readonly transactions: Transactions,
  ) {
    this.forecast = new Forecast(repository);
  }

  /** The pause of a new message, in milliseconds; 0 on a session that is not paced. */
  draw({ settings }: Session): number {
    return drawDelay(settings.pacing);
  }

  /** When a message with this pause that is accepted now is expected to leave. */
  estimate({ id, settings }: Session, delayMs: number): Promise<Date> {
    const { pacing } = settings;
    return isPaced(pacing) ? this.forecast.add(id, pacing, delayMs) : Promise.resolve(new Date());
  }

  /** Many messages were accepted at once. */
  noteMany(sessionId: string): void {
    this.forecast.forget(sessionId);
  }

  /** Null while the session is not paced. */
  async rulesOf(sessionId: string): Promise<PaceRules | null> {
    const pacing = (await this.sessions.find(sessionId))?.settings.pacing;
    return pacing && isPaced(pacing) ? pacing : null;
  }

  paceOf(sessionId: string): SessionPace {
    return new SessionPace(sessionId, this.repository, (ceiling, until) => this.tell(sessionId, ceiling, until));
  }

  /** Once in each window: under load every message waits for a ceiling. */
  private async tell(sessionId: string, policy: Ceiling, until: Date): Promise<void> {
    const name = `${sessionId} ${policy}`;
    const now = Date.now();
    if (now - (this.toldAt.get(name) ?? 0) < windowMsOf(policy)) return;
    this.toldAt.set(name, now);
    await this.transactions.run((tx) => {
      tx.record(LimitReached, sessionId, { policy, until: until.toISOString() });
      return Promise.resolve();
    });
  }
}
