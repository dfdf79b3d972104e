import { Injectable, type OnModuleInit } from '@nestjs/common';

import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { maskPhoneNumber } from '../../kernel/phone-number.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { PermissionDeniedError, type Principal, visibleSessions } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { SessionDirectory, SessionRemovals } from '../sessions/index.js';
import { OptedIn, OptedOut } from './domain/opt-out.events.js';
import type { OptOut } from './domain/opt-out.js';
import { OptOutNotFoundError } from './opt-out.errors.js';
import { type OptOutFilters, OptOutRepository } from './opt-out.repository.js';

/** Who wants no messages: of one session for whoever sees it, of every session for whoever sees them all. */
@Injectable()
export class OptOuts implements OnModuleInit {
  constructor(
    private readonly optOuts: OptOutRepository,
    private readonly sessions: SessionDirectory,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly removals: SessionRemovals,
  ) {}

  onModuleInit(): void {
    this.removals.add((sessionId) => this.optOuts.removeOfSession(sessionId));
  }

  async list(
    principal: Principal,
    filters: OptOutFilters,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<Page<OptOut>> {
    const before = cursor === undefined ? null : decodeCursor(cursor, filters);
    if (cursor !== undefined && before === null) {
      throw new InvalidRequestError([{ pointer: '?cursor', detail: 'cursor must be one that this list gave out' }]);
    }
    const rows = await this.optOuts.find(visibleSessions(principal), filters, { limit: limit + 1, before });
    return toPage(rows, limit, filters, ({ id }) => id);
  }

  async get(principal: Principal, id: string): Promise<OptOut> {
    const found = await this.optOuts.findById(visibleSessions(principal), id);
    if (found === null) throw new OptOutNotFoundError(id);
    return found;
  }

  /** Answers the one that there is when somebody has opted out before. */
  async add(
    principal: Principal,
    wish: { readonly phone: string; readonly sessionId: string | null; readonly reason: string | null },
  ): Promise<OptOut> {
    const { phone, sessionId } = wish;
    await this.requireScope(principal, sessionId);
    return this.transactions.run(async (tx) => {
      const [added] = await this.optOuts.add([{ ...wish, source: 'api', createdBy: principal.id }], tx.db);
      const optOut = added ?? (await this.optOuts.findOne(phone, sessionId, tx.db));
      if (optOut === null) throw new Error('An opt-out was neither added nor found.');
      if (added !== undefined) tx.record(OptedOut, sessionId, { phone, source: 'api' });
      const detail = { sessionId, phone: maskPhoneNumber(phone), isNew: added !== undefined };
      await this.audit.record(tx, { action: 'opt-outs.create', target: optOut.id, detail });
      return optOut;
    });
  }

  async remove(principal: Principal, id: string): Promise<void> {
    const { phone, sessionId } = await this.get(principal, id);
    await this.requireScope(principal, sessionId);
    await this.transactions.run(async (tx) => {
      if (!(await this.optOuts.remove(id, tx.db))) throw new OptOutNotFoundError(id);
      tx.record(OptedIn, sessionId, { phone, source: 'api' });
      const detail = { sessionId, phone: maskPhoneNumber(phone) };
      await this.audit.record(tx, { action: 'opt-outs.delete', target: id, detail });
    });
  }

  private async requireScope(principal: Principal, sessionId: string | null): Promise<void> {
    if (sessionId !== null) {
      await this.sessions.require(sessionId, principal);
      return;
    }
    if (principal.scope.kind !== 'all') {
      throw new PermissionDeniedError('What holds for every session is for those who see every session: name one.');
    }
  }
}
