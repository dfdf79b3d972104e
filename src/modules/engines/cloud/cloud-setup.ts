import { Injectable } from '@nestjs/common';

import { Transactions } from '../../../platform/prisma/transactions.js';
import type { Principal } from '../../access/index.js';
import { AuditTrail } from '../../audit/index.js';
import { EngineSessions } from '../engine-sessions.js';
import type { CloudNumber } from './cloud-number.js';
import { CloudNumberRepository, type ShownNumber } from './cloud-number.repository.js';
import { CloudNumbers } from './cloud-numbers.js';
import { CloudCredentialsNotFoundError } from './cloud.errors.js';

/** Gives a session its number at Meta. It is used from the next opening on, its webhooks at once. */
@Injectable()
export class CloudSetup {
  constructor(
    private readonly sessions: EngineSessions,
    private readonly numbers: CloudNumbers,
    private readonly repository: CloudNumberRepository,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  async set(number: CloudNumber, principal: Principal): Promise<ShownNumber> {
    const { sessionId, phoneNumberId, accountId } = number;
    await this.sessions.require(sessionId, principal, 'cloud');
    const sealed = this.numbers.seal(number);
    return this.transactions.run(async (tx) => {
      const saved = await this.repository.save(sealed, tx.db);
      tx.afterCommit(() => {
        this.numbers.forget();
      });
      const detail = { phoneNumberId, accountId };
      await this.audit.record(tx, { action: 'sessions.cloud-credentials', target: sessionId, detail });
      return saved;
    });
  }

  /** Without its secrets. */
  async show(sessionId: string, principal: Principal): Promise<ShownNumber> {
    await this.sessions.require(sessionId, principal, 'cloud');
    const number = await this.repository.find(sessionId);
    if (number === null) throw new CloudCredentialsNotFoundError(sessionId);
    return number;
  }
}
