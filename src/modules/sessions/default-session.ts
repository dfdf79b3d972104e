import { Inject, Injectable } from '@nestjs/common';

import { SessionsConfig } from '../../config/config.slices.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { EngineRegistry } from '../engines/index.js';
import { SessionCreated } from './domain/session.events.js';
import { DEFAULT_SESSION_ID, type Session } from './domain/session.js';
import { SessionRepository } from './session.repository.js';

/** The session that is there from the first start. */
@Injectable()
export class DefaultSession {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly engines: EngineRegistry,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    @Inject(SessionsConfig) private readonly config: SessionsConfig,
  ) {}

  /** Makes it once; its engine is never changed silently afterwards. */
  async ensure(): Promise<void> {
    if ((await this.sessions.findById(DEFAULT_SESSION_ID)) !== null) return;
    const engine = this.config.defaultEngine ?? (await this.chooseEngine());
    await this.transactions.run(async (tx) => {
      const session = { id: DEFAULT_SESSION_ID, name: 'Default', engine };
      if (!(await this.sessions.create(session, tx.db))) return;
      tx.record(SessionCreated, DEFAULT_SESSION_ID, { engine });
      await this.audit.record(tx, { action: 'sessions.create', target: DEFAULT_SESSION_ID, detail: { engine } });
    });
  }

  private async chooseEngine(): Promise<Session['engine']> {
    const { available } = await this.engines.get('web').availability();
    return available ? 'web' : 'sandbox';
  }
}
