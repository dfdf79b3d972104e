import { Injectable } from '@nestjs/common';

import { canonicalJson } from '../../kernel/canonical-json.js';
import { newId } from '../../kernel/ids.js';
import { currentRequest } from '../../platform/http/request-context.js';
import type { Transaction } from '../../platform/prisma/transactions.js';
import { AuditRepository } from './audit.repository.js';
import { type Actor, type AuditDraft, type AuditRecord, canonicalRecord } from './domain/audit-entry.js';

const SYSTEM: Actor = { kind: 'system', id: 'system', name: 'Waypost' };

/** Writes the trail: an act and its entry share one transaction, so that neither exists without the other. */
@Injectable()
export class AuditTrail {
  constructor(private readonly entries: AuditRepository) {}

  /** Call it last in the transaction: from here to the commit the chain is locked. */
  async record(tx: Transaction, ...drafts: readonly AuditDraft[]): Promise<void> {
    await this.entries.append(
      drafts.map((draft) => this.complete(draft)),
      tx.db,
    );
  }

  /** The entry as `audit_append` takes it, for a statement that stores many acts and their entries at once. */
  prepare(draft: AuditDraft): string {
    return canonicalRecord(this.complete(draft));
  }

  private complete(draft: AuditDraft): AuditRecord {
    const request = currentRequest();
    return {
      id: newId('aud'),
      at: new Date(),
      actor: draft.actor ?? request?.actor ?? SYSTEM,
      action: draft.action,
      target: draft.target ?? null,
      outcome: draft.outcome ?? 'success',
      requestId: draft.requestId ?? request?.requestId ?? null,
      detail: canonicalJson(draft.detail ?? {}),
    };
  }
}
