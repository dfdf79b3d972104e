import { Injectable } from '@nestjs/common';

import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { withoutAbsent } from '../../kernel/without-absent.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { PermissionDeniedError, type Principal, visibleSessions } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { EngineRegistry, EngineUnavailableError } from '../engines/index.js';
import { findProxyTrouble, proxyAddress } from './domain/proxy.js';
import { SessionCreated } from './domain/session.events.js';
import type { EngineName, Session } from './domain/session.js';
import { findSettingsTroubles, mergeSettings, type StoredSettings } from './domain/session-settings.js';
import { SessionExistsError, SessionNotFoundError } from './session.errors.js';
import { SessionDirectory } from './session-directory.js';
import { SessionProxies } from './session-proxies.js';
import { SessionRepository } from './session.repository.js';

export interface NewSession {
  readonly id: string;
  readonly name: string;
  readonly engine: EngineName;
  readonly settings: StoredSettings;
  /** With its credentials; null for none. */
  readonly proxy: string | null;
}

/** What is absent stays as it is. */
export interface SessionChange {
  readonly name?: string;
  readonly settings?: StoredSettings;
  readonly proxy?: string | null;
}

/** Which sessions there are, and how each is set. */
@Injectable()
export class SessionCatalog {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly engines: EngineRegistry,
    private readonly proxies: SessionProxies,
    private readonly directory: SessionDirectory,
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
    const sealedProxy = session.proxy === null ? null : this.sealProxy(session, session.proxy);
    return this.transactions.run(async (tx) => {
      const { id, name, engine } = session;
      if (!(await this.sessions.create({ id, name, engine, settings, sealedProxy }, tx.db))) {
        throw new SessionExistsError(id);
      }
      tx.record(SessionCreated, id, { engine });
      await this.audit.record(tx, { action: 'sessions.create', target: id, detail: { engine, name } });
      return this.reload(id, tx.db);
    });
  }

  /** Settings that are given replace theirs one by one; the others stay. */
  async change(session: Session, { name, settings, proxy }: SessionChange): Promise<Session> {
    const sealedProxy = typeof proxy === 'string' ? this.sealProxy(session, proxy) : proxy;
    return this.transactions.run(async (tx) => {
      const stored = await this.sessions.lockSettings(session.id, tx.db);
      if (stored === null) throw new SessionNotFoundError(session.id);
      const next = settings === undefined ? stored : this.check(session.engine, stored, settings);
      await this.sessions.describe(session.id, { ...withoutAbsent({ name, sealedProxy }), settings: next }, tx.db);
      const detail = {
        name: name ?? null,
        settings: settings ?? null,
        proxy: typeof proxy === 'string' ? proxyAddress(proxy) : proxy === null ? 'none' : null,
      };
      await this.audit.record(tx, { action: 'sessions.update', target: session.id, detail });
      tx.afterCommit(() => {
        this.directory.forget(session.id);
      });
      return this.reload(session.id, tx.db);
    });
  }

  /** An engine that goes its own way around the proxy would show where the session is. */
  private sealProxy({ id, engine }: Pick<Session, 'id' | 'engine'>, proxy: string): string {
    this.engines.require(engine, 'proxy');
    const detail = findProxyTrouble(proxy);
    if (detail !== null) throw new InvalidRequestError([{ pointer: '#/proxy', detail }]);
    return this.proxies.seal(id, proxy);
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
