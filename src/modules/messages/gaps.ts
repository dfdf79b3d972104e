import { Injectable } from '@nestjs/common';

import { Transactions } from '../../platform/prisma/transactions.js';
import { SessionDirectory } from '../sessions/index.js';
import { GapRecovered } from './domain/message.events.js';
import type { NewInbound } from './inbox.repository.js';

/** Tells how long a session heard nothing, and how much of it was fetched afterwards. */
@Injectable()
export class Gaps {
  private readonly caughtUp = new Map<string, number>();

  constructor(
    private readonly sessions: SessionDirectory,
    private readonly transactions: Transactions,
  ) {}

  /** Counts what was stored just now and had been missed. */
  count(stored: readonly NewInbound[]): void {
    for (const { sessionId, message } of stored) {
      if (message.isCatchUp) this.caughtUp.set(sessionId, (this.caughtUp.get(sessionId) ?? 0) + 1);
    }
  }

  /** Everything that was missed is stored. */
  async close(sessionId: string): Promise<void> {
    const messages = this.caughtUp.get(sessionId) ?? 0;
    const since = await this.sessions.lostSince(sessionId);
    if (since !== null) {
      const until = new Date();
      const seconds = Math.round((until.getTime() - since.getTime()) / 1000);
      await this.transactions.run((tx) => {
        const times = { since: since.toISOString(), until: until.toISOString() };
        tx.record(GapRecovered, sessionId, { ...times, seconds, messages });
        return Promise.resolve();
      });
    }
    this.caughtUp.delete(sessionId);
  }
}
