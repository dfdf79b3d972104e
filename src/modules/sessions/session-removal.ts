import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Logger } from '@nestjs/common';

import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { DEFAULT_SESSION_ID, type Session } from './domain/session.js';
import { SessionNotFoundError, SessionNotRemovableError } from './session.errors.js';
import { SessionPurge } from './session-purge.js';
import { SessionRepository } from './session.repository.js';
import { SessionSupervisor } from './session-supervisor.js';

/** Whoever asked is answered by then, also when there is more to remove. */
const ANSWER_WITHIN_MS = 25_000;
/** How soon an interrupted removal is taken up again. */
const RESUME_MS = 30_000;

/** Removes a session with everything that belongs to it; only the trail of what was done stays. */
@Injectable()
export class SessionRemoval {
  private readonly logger = new Logger(SessionRemoval.name);
  private readonly underWay = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sessions: SessionRepository,
    private readonly supervisor: SessionSupervisor,
    private readonly purge: SessionPurge,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('removal of sessions', () => {
      void this.resume();
      this.timer = setInterval(() => {
        void this.resume();
      }, RESUME_MS);
      return Promise.resolve();
    });
    lifecycle.onDrain('work', 'removal of sessions', () => {
      clearInterval(this.timer);
      return Promise.resolve();
    });
  }

  /** Gone for everybody at once; resolves when nothing is left of it, or when that takes its time. */
  async remove({ id, engine }: Session): Promise<void> {
    if (id === DEFAULT_SESSION_ID) throw new SessionNotRemovableError(id);
    await this.supervisor.requireNotElsewhere(id);
    await this.transactions.run(async (tx) => {
      if (!(await this.sessions.markRemoving(id, tx.db))) throw new SessionNotFoundError(id);
      await this.audit.record(tx, { action: 'sessions.delete', target: id, detail: { engine } });
    });
    const timeout = new AbortController();
    const late = sleep(ANSWER_WITHIN_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
    await Promise.race([this.finish({ id, engine }), late]);
    timeout.abort();
  }

  /** Takes up what an earlier process, or a failure, has left. */
  private async resume(): Promise<void> {
    try {
      for (const session of await this.sessions.findRemoving()) await this.finish(session);
    } catch (error) {
      this.logger.warn({ err: error }, 'sessions whose removal was interrupted could not be looked for');
    }
  }

  private async finish(session: Pick<Session, 'id' | 'engine'>): Promise<void> {
    const { id } = session;
    if (this.underWay.has(id)) return;
    this.underWay.add(id);
    try {
      await this.purge.run(session);
    } catch (error) {
      this.logger.error(
        { err: error, sessionId: id },
        'the removal of a session was interrupted and is taken up again',
      );
    } finally {
      this.underWay.delete(id);
    }
  }
}
