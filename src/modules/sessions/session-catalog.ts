import { Injectable } from '@nestjs/common';

import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { PermissionDeniedError, type Principal, visibleSessions } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { EngineRegistry, EngineUnavailableError } from '../engines/index.js';
import { SessionCreated } from './domain/session.events.js';
import type { EngineName, Session } from './domain/session.js';
import { findSettingsTroubles, mergeSettings, type StoredSettings } from './domain/session-settings.js';
import { SessionExistsError, SessionNotFoundError } from './session.errors.js';
import { SessionRepository } from './session.repository.js';

export interface NewSession {
  readonly id: string;
  readonly name: string;
  readonly engine: EngineName;
  readonly settings: StoredSettings;
}

export interface SessionChange {
  readonly name?: string;
  readonly settings?: StoredSettings;
}

/** Which sessions there are, and how each is set. */
@Injectable()
export class SessionCatalog {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly engines: EngineRegistry,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  async list(
    principal: Principal,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<Page<Session>> {
    const after = cursor === undefined ? null : decodeCursor(cursor, {});
    if (cursor !== undefined && after === null) {
      throw new InvalidRequestError([{ pointer: '?cursor', detail: 'cursor must be one that this list gave out' }]);
    }
    const rows = await this.sessions.findPage(visibleSessions(principal), { limit: limit + 1, after });
    return toPage(rows, limit, {}, ({ id }) => id);
  }

  /** It is not opened yet. Only who sees every session would see it, so only they can make one. */
  async create(session: NewSession, principal: Principal): Promise<Session> {
    if (principal.scope.kind !== 'all') {
      throw new PermissionDeniedError('New sessions are made by those who see every session.');
    }
    const availability = await this.engines.get(session.engine).availability();
    if (!availability.available) throw new EngineUnavailableError(session.engine, availability.reason);
    const settings = this.check(session.engine, {}, session.settings);
    return this.transactions.run(async (tx) => {
      const { id, name, engine } = session;
      if (!(await this.sessions.create({ id, name, engine }, tx.db, settings))) throw new SessionExistsError(id);
      tx.record(SessionCreated, id, { engine });
      await this.audit.record(tx, { action: 'sessions.create', target: id, detail: { engine } });
      return this.reload(id, tx.db);
    });
  }

  /** Settings that are given replace theirs one by one; the others stay. */
  async change(session: Session, { name, settings }: SessionChange): Promise<Session> {
    return this.transactions.run(async (tx) => {
      const stored = await this.sessions.lockSettings(session.id, tx.db);
      if (stored === null) throw new SessionNotFoundError(session.id);
      const next = settings === undefined ? stored : this.check(session.engine, stored, settings);
      await this.sessions.describe(session.id, { ...(name !== undefined && { name }), settings: next }, tx.db);
      const detail = { name: name ?? null, settings: settings ?? null };
      await this.audit.record(tx, { action: 'sessions.update', target: session.id, detail });
      return this.reload(session.id, tx.db);
    });
  }

  private check(engine: EngineName, stored: StoredSettings, given: StoredSettings): StoredSettings {
    const next = mergeSettings(stored, given);
    const troubles = findSettingsTroubles(engine, next);
    if (troubles.length > 0) {
      throw new InvalidRequestError(troubles.map(({ path, detail }) => ({ pointer: `#/settings/${path}`, detail })));
    }
    return next;
  }

  private async reload(id: string, db: Parameters<SessionRepository['lock']>[1]): Promise<Session> {
    const session = await this.sessions.lock(id, db);
    if (session === null) throw new SessionNotFoundError(id);
    return session;
  }
}
