import { Injectable, Logger } from '@nestjs/common';

import { Cache } from '../../platform/cache/cache.service.js';
import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import { canMove, type ConnectionStatus } from './domain/connection-status.js';
import type { Session } from './domain/session.js';
import { sessionCacheKey } from './qr-codes.js';
import { SessionProxies } from './session-proxies.js';
import { SessionRepository, type StatusChange } from './session.repository.js';

/** How long the cached status outlives the last change, for readers that look into Redis directly. */
const STATUS_TTL_MS = 86_400_000;

/** What a change wants to happen with it, in its transaction; `before` is the locked row. */
export type AlongWith = (tx: Transaction, before: Session) => Promise<void> | void;

/** A session in a new generation, with what its opening needs. */
export interface BegunSession extends Session {
  /** With its credentials; null for none, or when it cannot be read. */
  readonly proxy: string | null;
}

/** From here on messages may be missed. */
const lossOf = (session: Session, next: ConnectionStatus): { readonly lostAt?: Date } =>
  session.status === 'READY' && next !== 'READY' ? { lostAt: new Date() } : {};

/** The only writer of a session's status: one table of transitions, one generation at a time. */
@Injectable()
export class SessionStatusWriter {
  private readonly logger = new Logger(SessionStatusWriter.name);

  constructor(
    private readonly sessions: SessionRepository,
    private readonly transactions: Transactions,
    private readonly cache: Cache,
    private readonly proxies: SessionProxies,
  ) {}

  /** False when the change came too late (another generation) or the table does not know it; nothing is changed then. */
  async move(
    { sessionId, generation }: { readonly sessionId: string; readonly generation: number | 'any' },
    change: StatusChange,
    alongWith: AlongWith = () => undefined,
  ): Promise<boolean> {
    const moved = await this.transactions.run(async (tx) => {
      const session = await this.sessions.lock(sessionId, tx.db);
      if (session === null || (generation !== 'any' && session.generation !== generation)) return null;
      if (!canMove(session.status, change.status)) {
        this.logger.debug({ sessionId, from: session.status, to: change.status }, 'a transition was ignored');
        return null;
      }
      await this.sessions.changeStatus(sessionId, { ...change, ...lossOf(session, change.status) }, tx.db);
      await alongWith(tx, session);
      return session;
    });
    if (moved === null) return false;
    this.logger.log({ sessionId, from: moved.status, to: change.status, reason: change.reason }, 'session status');
    await this.cacheStatus(sessionId, change.status);
    return true;
  }

  /** For what happens within a status; false when the session has left it or is in another generation. */
  async within(
    { sessionId, generation }: { readonly sessionId: string; readonly generation: number },
    status: ConnectionStatus,
    alongWith: AlongWith,
  ): Promise<boolean> {
    return this.transactions.run(async (tx) => {
      const session = await this.sessions.lock(sessionId, tx.db);
      if (session?.generation !== generation || session.status !== status) return false;
      await alongWith(tx, session);
      return true;
    });
  }

  /** Sessions that look open and that no other process holds are DISCONNECTED; answers their ids. */
  async clearUp(owner: string, leaseMs: number): Promise<readonly string[]> {
    const sessionIds = await this.sessions.clearUp(owner, 'The server ended without closing it.', leaseMs);
    for (const sessionId of sessionIds) await this.cacheStatus(sessionId, 'DISCONNECTED');
    return sessionIds;
  }

  /**
   * Begins an opening: a new generation, CONNECTING from wherever a dead process may have left the row. Null when the
   * session does not exist.
   */
  async begin(sessionId: string): Promise<BegunSession | null> {
    const session = await this.transactions.run(async (tx) => {
      const row = await this.sessions.lock(sessionId, tx.db);
      if (row === null) return null;
      const generation = await this.sessions.nextGeneration(sessionId, tx.db);
      const change = { status: 'CONNECTING', reason: null } as const;
      await this.sessions.changeStatus(sessionId, { ...change, ...lossOf(row, change.status) }, tx.db);
      return { ...row, generation, proxy: this.proxies.open(row) };
    });
    if (session) await this.cacheStatus(sessionId, 'CONNECTING');
    return session;
  }

  async forget(sessionId: string): Promise<void> {
    await this.cache.delete(sessionCacheKey(sessionId, 'status'));
  }

  private async cacheStatus(sessionId: string, status: ConnectionStatus): Promise<void> {
    const entry = { status, lastUpdated: new Date().toISOString() };
    await this.cache.set(sessionCacheKey(sessionId, 'status'), entry, STATUS_TTL_MS);
  }
}
