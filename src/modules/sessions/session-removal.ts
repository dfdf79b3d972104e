import { Injectable, Logger } from '@nestjs/common';

import { Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { EngineRegistry } from '../engines/index.js';
import { SessionDeleted } from './domain/session.events.js';
import { DEFAULT_SESSION_ID, type Session } from './domain/session.js';
import { SessionNotFoundError, SessionNotRemovableError } from './session.errors.js';
import { SessionRepository } from './session.repository.js';
import { SessionRemovals } from './session-removals.js';
import { SessionSupervisor } from './session-supervisor.js';

/** Removes a session with everything that belongs to it; only the trail of what was done stays. */
@Injectable()
export class SessionRemoval {
  private readonly logger = new Logger(SessionRemoval.name);

  constructor(
    private readonly sessions: SessionRepository,
    private readonly supervisor: SessionSupervisor,
    private readonly removals: SessionRemovals,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly engines: EngineRegistry,
  ) {}

  /**
   * The number is unlinked as far as that is possible. The row goes last: one that was interrupted is removed by asking
   * again.
   */
  async remove(session: Session): Promise<void> {
    const { id, engine } = session;
    if (id === DEFAULT_SESSION_ID) throw new SessionNotRemovableError(id);
    await this.supervisor.requireNotElsewhere(id);
    await this.transactions.run((tx) => this.sessions.want(id, false, tx.db));
    await this.supervisor.logout(session);
    await this.engines.get(engine).forget(id);
    await this.removals.run(id);
    await this.transactions.run(async (tx) => {
      if (!(await this.sessions.remove(id, tx.db))) throw new SessionNotFoundError(id);
      tx.record(SessionDeleted, id, { engine });
      await this.audit.record(tx, { action: 'sessions.delete', target: id, detail: { engine } });
    });
    await this.supervisor.forget(id);
    this.logger.log({ sessionId: id }, 'a session was removed');
  }
}
