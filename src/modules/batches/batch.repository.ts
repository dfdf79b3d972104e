import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { Batch, BatchState, Refusal } from './domain/batch.js';

/** The key of a request: whose it is, for which route, and the hash of the body that it stands for. */
export interface BatchClaim {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
}

/** Whose a key is: the batch that it made. */
export interface ClaimHolder {
  readonly batchId: string | null;
  readonly bodyHash: string;
}

export interface NewBatch {
  readonly id: string;
  readonly sessionId: string;
  readonly templateId: string | null;
  readonly given: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly actorKind: string;
  readonly actorId: string;
}

/** How long a key is remembered. */
const KEY_LIFE_HOURS = 72;

const SELECT = {
  ...{ id: true, sessionId: true, state: true, templateId: true },
  ...{ given: true, accepted: true, duplicates: true, createdAt: true, updatedAt: true },
} as const;

type Row = Prisma.BatchGetPayload<{ select: typeof SELECT }>;

const toBatch = (row: Row): Batch => ({ ...row, state: row.state as BatchState });

const inScope = (sessionIds: readonly string[] | undefined): Prisma.BatchWhereInput =>
  sessionIds === undefined ? {} : { sessionId: { in: [...sessionIds] } };

/** Bulk sends. `sessionIds` is what the caller may see: undefined for every session. */
@Injectable()
export class BatchRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Newest first. */
  async find(
    sessionIds: readonly string[] | undefined,
    { sessionId }: { readonly sessionId?: string },
    { limit, before }: { readonly limit: number; readonly before: string | null },
  ): Promise<readonly Batch[]> {
    const rows = await this.prisma.batch.findMany({
      where: {
        AND: [inScope(sessionIds), sessionId === undefined ? {} : { sessionId }],
        ...(before !== null && { id: { lt: before } }),
      },
      select: SELECT,
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map(toBatch);
  }

  async findById(sessionIds: readonly string[] | undefined, id: string): Promise<Batch | null> {
    const row = await this.prisma.batch.findFirst({ where: { id, ...inScope(sessionIds) }, select: SELECT });
    return row && toBatch(row);
  }

  /** Which batch an earlier request with this key has made. */
  async findHolder({ principal, route, key }: BatchClaim): Promise<ClaimHolder | null> {
    const [row] = await this.prisma.$queryRaw<ClaimHolder[]>`
      SELECT resource AS "batchId", body_hash AS "bodyHash" FROM idempotency_key
      WHERE principal = ${principal} AND route = ${route} AND key = ${key}
        AND created_at >= now() - ${KEY_LIFE_HOURS} * interval '1 hour'`;
    return row ?? null;
  }

  /**
   * Takes the key for this batch, in the transaction that makes it. Of requests that come at once the second waits here
   * for the first to commit; answers false when the key is another one's.
   */
  async claim(claim: BatchClaim, batchId: string, db: Prisma.TransactionClient): Promise<boolean> {
    const { principal, route, key, bodyHash } = claim;
    const taken = await db.$executeRaw`
      INSERT INTO idempotency_key AS held (principal, route, key, body_hash, status, resource)
      VALUES (${principal}, ${route}, ${key}, ${bodyHash}, 202, ${batchId})
      ON CONFLICT (principal, route, key) DO UPDATE
        SET body_hash = EXCLUDED.body_hash, status = EXCLUDED.status, body = NULL, resource = EXCLUDED.resource,
          created_at = now()
        WHERE held.created_at < now() - ${KEY_LIFE_HOURS} * interval '1 hour'`;
    return taken === 1;
  }

  async create(batch: NewBatch, db: Prisma.TransactionClient): Promise<Batch> {
    return toBatch(await db.batch.create({ data: { ...batch }, select: SELECT }));
  }

  async addRefusals(batchId: string, refusals: readonly Refusal[], db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`
      INSERT INTO batch_refusal (batch_id, place, recipient, code, detail)
      SELECT ${batchId}, (r->>'place')::int, r->>'recipient', r->>'code', r->>'detail'
      FROM jsonb_array_elements(${JSON.stringify(refusals)}::jsonb) AS list(r)`;
  }

  /** Those that were refused, in the order in which they were given. */
  async findRefusals(
    batchId: string,
    { after, limit }: { readonly after: number; readonly limit: number },
  ): Promise<readonly Refusal[]> {
    return this.prisma.batchRefusal.findMany({
      where: { batchId, place: { gt: after } },
      select: { place: true, recipient: true, code: true, detail: true },
      orderBy: { place: 'asc' },
      take: limit,
    });
  }

  /** Moves it on from one of these states, and from no other; null when it stands elsewhere. */
  async move(
    id: string,
    { from, to }: { readonly from: readonly BatchState[]; readonly to: BatchState },
    db: Prisma.TransactionClient,
  ): Promise<Batch | null> {
    const where = { id, state: { in: [...from] } };
    const data = { state: to, updatedAt: new Date() };
    const [row] = await db.batch.updateManyAndReturn({ where, data, select: SELECT });
    return row ? toBatch(row) : null;
  }

  /** Cancelled batches of which something waits still: a cancellation was interrupted, or something came back. */
  async findUnfinishedCancellations(limit: number): Promise<readonly string[]> {
    const rows = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT batch.id FROM message JOIN batch ON batch.id = message.batch_id AND batch.state = 'CANCELLED'
      WHERE message.is_held AND message.status IN ('SCHEDULED', 'QUEUED') LIMIT ${limit}`;
    return rows.map(({ id }) => id);
  }
}
