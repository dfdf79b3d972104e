import { Inject, Injectable } from '@nestjs/common';

import { maskPhoneNumber } from '../../kernel/phone-number.js';
import { Checkpoints } from '../../platform/lifecycle/checkpoints.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { AcceptRepository, type IdempotencyClaim } from './accept.repository.js';
import { type NewMessage, OutboxRepository } from './outbox.repository.js';

/** A message to be stored, with whoever sends it and the key that it was given. */
export interface Acceptance {
  readonly message: NewMessage;
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string };
  readonly claim: IdempotencyClaim | null;
}

/** What became of it: stored under this id, the earlier one of the same key, or a key for another body. */
export type AcceptanceOutcome = { readonly id: string; readonly isReplay: boolean } | 'key-reused';

/** What accepting writes: keys, messages and audit entries, in one transaction. */
@Injectable()
export class OutboxRecords {
  constructor(
    private readonly transactions: Transactions,
    private readonly accepts: AcceptRepository,
    private readonly outbox: OutboxRepository,
    private readonly audit: AuditTrail,
    @Inject(Checkpoints) private readonly checkpoints: Checkpoints,
  ) {}

  store(items: readonly Acceptance[]): Promise<readonly AcceptanceOutcome[]> {
    return this.transactions.run(async (tx) => {
      const claims = items.flatMap(({ claim }) => claim ?? []);
      const known = claims.length === 0 ? new Map() : await this.accepts.claimKeys(claims, tx.db);
      const outcomes = items.map(({ message, claim }): AcceptanceOutcome => {
        const holder = claim && known.get(claim.resource);
        if (!holder) return { id: message.id, isReplay: false };
        return holder.bodyHash === claim.bodyHash ? { id: holder.resource, isReplay: true } : 'key-reused';
      });
      const fresh = items.filter((_item, index) => {
        const outcome = outcomes[index];
        return typeof outcome === 'object' && !outcome.isReplay;
      });
      if (fresh.length > 0) {
        await this.outbox.insert(
          fresh.map(({ message }) => message),
          tx.db,
        );
        await this.audit.record(tx, ...fresh.map((item) => this.entryFor(item)));
      }
      this.checkpoints.pass('K1');
      return outcomes;
    });
  }

  private entryFor({ message, actor }: Acceptance): Parameters<AuditTrail['record']>[1] {
    return {
      action: 'messages.send',
      target: message.id,
      actor,
      ...(message.requestId !== null && { requestId: message.requestId }),
      detail: { sessionId: message.sessionId, to: maskPhoneNumber(message.to), type: message.type },
    };
  }
}
