import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { type AuditRecord, canonicalRecord } from './domain/audit-entry.js';

/** The entries and the head of their chain. */
@Injectable()
export class AuditRepository {
  async append(records: readonly AuditRecord[], db: Prisma.TransactionClient): Promise<void> {
    const rows = records.map((record) => ({
      ...record,
      at: record.at.toISOString(),
      canonical: canonicalRecord(record),
    }));
    await db.$executeRaw`SELECT audit_append(${JSON.stringify(rows)}::jsonb)`;
  }
}
