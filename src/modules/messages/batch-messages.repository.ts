import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { MessageStatus } from './domain/message-status.js';

/** What became of one message of a batch. */
export interface BatchResult {
  readonly id: string;
  readonly recipient: string;
  readonly status: MessageStatus;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly readAt: Date | null;
}

interface ResultRow extends BatchResult {
  readonly seq: bigint;
}

/** The messages of a batch, in sets. */
@Injectable()
export class BatchMessagesRepository {
  constructor(private readonly prisma: PrismaService) {}

  /**
   * Answers how many are held that were not. What somebody else is changing at this very moment is leaving, and is let go:
   * waiting for it could wait for each other.
   */
  async hold(batchId: string, db: Prisma.TransactionClient): Promise<number> {
    return db.$executeRaw`
      UPDATE message SET is_held = true WHERE id IN (
        SELECT id FROM message
        WHERE batch_id = ${batchId} AND status IN ('SCHEDULED', 'QUEUED', 'SENDING') AND NOT is_held
        ORDER BY id FOR UPDATE SKIP LOCKED)`;
  }

  async release(batchId: string, db: Prisma.TransactionClient): Promise<number> {
    return db.$executeRaw`
      UPDATE message SET is_held = false WHERE id IN (
        SELECT id FROM message WHERE batch_id = ${batchId} AND is_held ORDER BY id FOR UPDATE)`;
  }

  /** Some of those that are held and wait. */
  async findHeld(batchId: string, limit: number): Promise<readonly string[]> {
    const rows = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM message WHERE batch_id = ${batchId} AND is_held AND status IN ('SCHEDULED', 'QUEUED')
      LIMIT ${limit}`;
    return rows.map(({ id }) => id);
  }

  async unhold(ids: readonly string[], db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`UPDATE message SET is_held = false WHERE id = ANY(${[...ids]}::text[])`;
  }

  async countByStatus(batchId: string): Promise<ReadonlyMap<MessageStatus, number>> {
    const rows = await this.prisma.$queryRaw<{ status: MessageStatus; n: number }[]>`
      SELECT status, count(*)::int AS n FROM message WHERE batch_id = ${batchId} GROUP BY status`;
    return new Map(rows.map(({ status, n }) => [status, n]));
  }

  /**
   * The next page in the order of acceptance. Those of the batch are collected first: walking the whole log in its order
   * would look for the end of the batch among all that came after it.
   */
  async findResults(
    batchId: string,
    { after, limit }: { readonly after: bigint; readonly limit: number },
  ): Promise<{ readonly results: readonly BatchResult[]; readonly last: bigint | null }> {
    const rows = await this.prisma.$queryRaw<ResultRow[]>`
      WITH own AS MATERIALIZED (
        SELECT seq, id, recipient, status, error_code AS "errorCode", error_detail AS "errorDetail",
          created_at AS "createdAt", sent_at AS "sentAt", delivered_at AS "deliveredAt", read_at AS "readAt"
        FROM message WHERE batch_id = ${batchId}
      )
      SELECT * FROM own WHERE seq > ${after} ORDER BY seq LIMIT ${limit}`;
    return { results: rows, last: rows.length < limit ? null : (rows.at(-1)?.seq ?? null) };
  }
}
