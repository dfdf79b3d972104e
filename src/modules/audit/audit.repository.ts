import { Injectable } from '@nestjs/common';

import type { AuditEntry as AuditEntryRow, Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { ChainHead } from './domain/audit-chain.js';
import { type AuditEntry, type AuditRecord, canonicalRecord } from './domain/audit-entry.js';

/** What a list of entries is narrowed by; undefined narrows nothing. */
export interface AuditFilters {
  readonly action?: string | undefined;
  readonly actorId?: string | undefined;
  readonly target?: string | undefined;
  readonly outcome?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

const toEntry = (row: AuditEntryRow): AuditEntry => ({
  seq: row.seq,
  id: row.id,
  at: row.at,
  actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
  action: row.action,
  target: row.target,
  outcome: row.outcome,
  requestId: row.requestId,
  detail: row.detail,
  previousHash: row.previousHash,
  hash: row.hash,
});

const toWhere = ({ since, until, ...equal }: AuditFilters): Prisma.AuditEntryWhereInput => ({
  ...Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined)),
  ...(since || until ? { at: { ...(since && { gte: since }), ...(until && { lt: until }) } } : {}),
});

/** The entries and the head of their chain. */
@Injectable()
export class AuditRepository {
  constructor(private readonly prisma: PrismaService) {}

  async append(records: readonly AuditRecord[], db: Prisma.TransactionClient): Promise<void> {
    const rows = records.map(canonicalRecord);
    await db.$executeRaw`SELECT audit_append(${JSON.stringify(rows)}::jsonb)`;
  }

  /** Newest first, below a sequence number. */
  async findPage(filters: AuditFilters, before: bigint | undefined, limit: number): Promise<readonly AuditEntry[]> {
    const where: Prisma.AuditEntryWhereInput = {
      ...toWhere(filters),
      ...(before === undefined ? {} : { seq: { lt: before } }),
    };
    return (await this.prisma.auditEntry.findMany({ where, orderBy: { seq: 'desc' }, take: limit })).map(toEntry);
  }

  /** Oldest first, above a sequence number; undefined begins with whatever stands first. */
  async findAfter(seq: bigint | undefined, limit: number): Promise<readonly AuditEntry[]> {
    const where = seq === undefined ? {} : { seq: { gt: seq } };
    return (await this.prisma.auditEntry.findMany({ where, orderBy: { seq: 'asc' }, take: limit })).map(toEntry);
  }

  async count(through: bigint): Promise<bigint> {
    return BigInt(await this.prisma.auditEntry.count({ where: { seq: { lte: through } } }));
  }

  async findLast(): Promise<AuditEntry | null> {
    const row = await this.prisma.auditEntry.findFirst({ orderBy: { seq: 'desc' } });
    return row && toEntry(row);
  }

  async getHead(): Promise<ChainHead> {
    const { seq, hash } = await this.prisma.auditHead.findUniqueOrThrow({ where: { id: 1 } });
    return { seq, hash };
  }
}
