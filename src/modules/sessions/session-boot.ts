import { Inject, Injectable, Logger } from '@nestjs/common';

import { SessionsConfig } from '../../config/config.slices.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { DefaultSession } from './default-session.js';
import type { Session } from './domain/session.js';
import { SessionOwnedElsewhereError } from './session.errors.js';
import { SessionRepository } from './session.repository.js';
import { SessionLeases } from './session-leases.js';
import { SessionSupervisor } from './session-supervisor.js';

/** Many sessions that come back at once are spread over this time. */
const MAX_JITTER_MS = 2000;

/** Brings the sessions up when the process starts, and takes over those whose process has died. */
@Injectable()
export class SessionBoot {
  private readonly logger = new Logger(SessionBoot.name);
  /** Their start failed though the lease is ours, so that nobody else will look after them. */
  private readonly failed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sessions: SessionRepository,
    private readonly leases: SessionLeases,
    private readonly supervisor: SessionSupervisor,
    private readonly defaultSession: DefaultSession,
    @Inject(SessionsConfig) private readonly config: SessionsConfig,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('sessions', () => this.start());
    lifecycle.onDrain('engines', 'sessions', () => this.stop());
  }

  private async start(): Promise<void> {
    await this.defaultSession.ensure();
    await this.supervisor.clearUp();
    this.leases.watch((sessionId) => {
      this.supervisor.abandon(sessionId);
    });
    const wanted = await this.sessions.findWanted();
    for (const [index, session] of wanted.entries()) this.startLater(session, index === 0 ? 0 : Math.random());
    this.timer = setInterval(() => {
      void this.adopt();
    }, this.config.leaseMs);
  }

  private async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.supervisor.closeAll();
  }

  private startLater({ id }: Pick<Session, 'id'>, jitter: number): void {
    setTimeout(() => {
      this.supervisor.start(id, { isRequested: false }).catch((error: unknown) => {
        this.logger.warn({ err: error, sessionId: id }, 'a session could not be started');
        // One that another process holds is left to it; anything else has passed by the next look.
        if (!(error instanceof SessionOwnedElsewhereError)) this.failed.add(id);
      });
    }, jitter * MAX_JITTER_MS);
  }

  /** Sessions that nobody minds: their process died, or could not take them yet. */
  private async adopt(): Promise<void> {
    try {
      const orphans = await this.sessions.findOrphans();
      const failed = (await this.sessions.findWanted()).filter(({ id }) => this.failed.delete(id));
      for (const session of [...orphans, ...failed]) {
        if (!this.supervisor.isMinding(session.id)) this.startLater(session, Math.random());
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'sessions without an owner could not be looked for');
    }
  }
}
