import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Logger } from '@nestjs/common';

import { JournalRetention } from '../../platform/events/journal-retention.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { SessionDeleted } from './domain/session.events.js';
import type { Session } from './domain/session.js';
import { SessionOwnedElsewhereError } from './session.errors.js';
import { DIRECTORY_LIFE_MS } from './session-directory.js';
import { SessionLeases } from './session-leases.js';
import { SessionRemovals } from './session-removals.js';
import { SessionRepository } from './session.repository.js';
import { SessionSupervisor } from './session-supervisor.js';

/** Consumers that are behind for longer find what is left, and its retention takes it later. */
const HEARD_WITHIN_MS = 10_000;
const LOOK_MS = 50;

/** Takes away everything that a removed session has. Each step can be repeated; the row goes last. */
@Injectable()
export class SessionPurge {
  private readonly logger = new Logger(SessionPurge.name);

  constructor(
    private readonly sessions: SessionRepository,
    private readonly supervisor: SessionSupervisor,
    private readonly leases: SessionLeases,
    private readonly removals: SessionRemovals,
    private readonly journal: JournalRetention,
    private readonly transactions: Transactions,
  ) {}

  async run(session: Pick<Session, 'id' | 'engine'>): Promise<void> {
    const { id, engine } = session;
    // One process at a time, and nobody opens it meanwhile.
    if ((await this.leases.acquire(id)) === null) throw new SessionOwnedElsewhereError(id);
    await this.supervisor.logout(session);
    await this.untilHeard(id);
    await this.removals.run(id);
    await this.supervisor.forget(session);
    // Other processes may have known it until now, and taken something for it.
    await sleep(DIRECTORY_LIFE_MS);
    await this.removals.run(id);
    await this.journal.removeOfSession(id);
    await this.transactions.run(async (tx) => {
      if (await this.sessions.remove(id, tx.db)) tx.record(SessionDeleted, id, { engine });
    });
    this.logger.log({ sessionId: id }, 'a session was removed');
  }

  /** What a consumer makes of an event must not appear after the removal. */
  private async untilHeard(sessionId: string): Promise<void> {
    const deadline = performance.now() + HEARD_WITHIN_MS;
    while (await this.journal.isUnheard(sessionId)) {
      if (performance.now() > deadline) {
        this.logger.warn({ sessionId }, 'a consumer has still to read events of a session that is removed');
        return;
      }
      await sleep(LOOK_MS);
    }
  }
}
