import { Injectable } from '@nestjs/common';

import { canSee, type Principal } from '../access/index.js';
import { type EngineCapability, EngineRegistry, EngineSessions } from '../engines/index.js';
import type { Session } from './domain/session.js';
import { SessionNotFoundError } from './session.errors.js';
import { SessionRepository } from './session.repository.js';
import { type ReadySession, toReadySession } from './ready-session.js';
import { SessionRemovals } from './session-removals.js';
import { SessionSupervisor } from './session-supervisor.js';

/** A session's engine never changes; its settings are as old as this at most. */
export const DIRECTORY_LIFE_MS = 2000;

interface Entry {
  readonly session: Session | null;
  readonly until: number;
}

/** What a send asks of sessions, from memory: which there are, what they can do, which can send now. */
@Injectable()
export class SessionDirectory {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly sessions: SessionRepository,
    private readonly engines: EngineRegistry,
    private readonly supervisor: SessionSupervisor,
    removals: SessionRemovals,
    ofEngines: EngineSessions,
  ) {
    ofEngines.announce(async (sessionId, principal) => (await this.require(sessionId, principal)).engine);
    removals.add((sessionId) => {
      this.forget(sessionId);
      return Promise.resolve();
    });
  }

  /** What was set in this process holds in it at once. */
  forget(sessionId: string): void {
    this.entries.delete(sessionId);
  }

  /** Throws not-found (also for a session that was not granted), or unsupported by its engine. */
  async require(
    sessionId: string,
    principal: Principal,
    capabilities: readonly EngineCapability[] = [],
  ): Promise<Session> {
    const session = canSee(principal, sessionId) ? await this.find(sessionId) : null;
    if (session === null) throw new SessionNotFoundError(sessionId);
    for (const capability of capabilities) this.engines.require(session.engine, capability);
    return session;
  }

  /** As it was up to two seconds ago; null when there is none. */
  async find(sessionId: string): Promise<Session | null> {
    const known = this.entries.get(sessionId);
    if (known && known.until > Date.now()) return known.session;
    const session = await this.sessions.findById(sessionId);
    // Only what exists is kept: names that somebody tries out must not fill the memory.
    if (session === null) this.entries.delete(sessionId);
    else this.entries.set(sessionId, { session, until: Date.now() + DIRECTORY_LIFE_MS });
    return session;
  }

  /** When it had last stopped being READY before it became so; null when it never had been. */
  async lostSince(sessionId: string): Promise<Date | null> {
    return (await this.sessions.findById(sessionId))?.lostAt ?? null;
  }

  /** Nothing that the session takes is acknowledged: it is opened anew. */
  reportUndeliverable(sessionId: string, reason: string): void {
    this.supervisor.reportUndeliverable(sessionId, reason);
  }

  /** What a send needs, or null when this process cannot send from the session now. */
  ready(sessionId: string): ReadySession | null {
    return toReadySession(this.supervisor.opening(sessionId));
  }

  readyIds(): readonly string[] {
    return this.supervisor.openings().flatMap((opening) => toReadySession(opening)?.sessionId ?? []);
  }

  parallelSends({ engine }: ReadySession): number {
    return this.engines.get(engine).parallelSends;
  }
}
