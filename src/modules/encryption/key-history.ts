import { Injectable } from '@nestjs/common';

import { Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { EncryptionKeysRepository } from './encryption-keys.repository.js';

/** Writes down which key seals from when on, and when everything was sealed with it. */
@Injectable()
export class KeyHistory {
  constructor(
    private readonly keys: EncryptionKeysRepository,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  /** Makes the key known when it is not; answers the one that came last, of whichever process. */
  async introduce(keyId: string): Promise<string> {
    return this.transactions.run(async (tx) => {
      const before = await this.keys.findNewest(tx.db);
      if (!(await this.keys.introduce(keyId, tx.db))) return before ?? keyId;
      // The first key of an installation replaces none: there is nothing that somebody did.
      if (before === null) await this.keys.complete(keyId, tx.db);
      else
        await this.audit.record(tx, {
          action: 'encryption-keys.introduce',
          target: keyId,
          detail: { replaces: before },
        });
      return keyId;
    });
  }

  /** How many texts were sealed anew; null when it was written down before. */
  async complete(keyId: string, unreadable: number): Promise<number | null> {
    return this.transactions.run(async (tx) => {
      const resealed = await this.keys.complete(keyId, tx.db);
      if (resealed !== null) {
        await this.audit.record(tx, {
          action: 'encryption-keys.complete',
          target: keyId,
          detail: { resealed, unreadable },
        });
      }
      return resealed;
    });
  }
}
