import { Injectable } from '@nestjs/common';

import { canonicalJson } from '../../kernel/canonical-json.js';
import { newId } from '../../kernel/ids.js';
import { currentRequest } from '../../platform/http/request-context.js';
import type { Transaction } from '../../platform/prisma/transactions.js';
import { AuditRepository } from './audit.repository.js';
import type { Actor, AuditDraft } from './domain/audit-entry.js';

const SYSTEM: Actor = { kind: 'system', id: 'system', name: 'Waypost' };

/** Writes the trail: an act and its entry share one transaction, so that neither exists without the other. */
@Injectable()
export class AuditTrail {
  constructor(private readonly entries: AuditRepository) {}

  /** Call it last in the transaction: from here to the commit the chain is locked. */
  async record(tx: Transaction, ...drafts: readonly AuditDraft[]): Promise<void> {
    const request = currentRequest();
    const at = new Date();
    await this.entries.append(
      drafts.map((draft) => ({
        id: newId('aud'),
        at,
        actor: draft.actor ?? request?.actor ?? SYSTEM,
        action: draft.action,
        target: draft.target ?? null,
        outcome: draft.outcome ?? 'success',
        requestId: draft.requestId ?? request?.requestId ?? null,
        detail: canonicalJson(draft.detail ?? {}),
      })),
      tx.db,
    );
  }
}
