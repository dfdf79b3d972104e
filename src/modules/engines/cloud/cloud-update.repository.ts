import { Injectable } from '@nestjs/common';

import { PrismaService } from '../../../platform/prisma/prisma.service.js';

export interface NewUpdate {
  readonly phoneNumberId: string | null;
  readonly accountId: string | null;
  readonly key: string;
  readonly kind: string;
  /** JSON that PostgreSQL can keep. */
  readonly body: string;
  readonly isPending: boolean;
}

export interface PendingUpdate {
  readonly id: bigint;
  readonly kind: string;
  /** A `CloudUpdate`, its times as texts. */
  readonly body: unknown;
}

/** What became of a set of updates. */
export interface WorkedUpdates {
  /** Nobody needs them any more. */
  readonly done: readonly bigint[];
  /** Worked, and needed for the file that they tell of. */
  readonly kept: readonly bigint[];
  readonly failed: readonly bigint[];
}

const textOf = ({ body, ...update }: NewUpdate): string =>
  // The body is JSON already: written once, and not read again on its way.
  `${JSON.stringify(update).slice(0, -1)},"body":${body}}`;

/** What Meta has told, from the answer 200 until it is worked. */
@Injectable()
export class CloudUpdateRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** All of them in one statement; what is there already stays as it is. */
  async add(updates: readonly NewUpdate[]): Promise<void> {
    if (updates.length === 0) return;
    const rows = `[${updates.map(textOf).join(',')}]`;
    await this.prisma.$executeRaw`
      INSERT INTO cloud_update (phone_number_id, account_id, key, kind, body, is_pending)
      SELECT u->>'phoneNumberId', u->>'accountId', u->>'key', u->>'kind', u->'body', (u->>'isPending')::boolean
      FROM jsonb_array_elements(${rows}::jsonb) WITH ORDINALITY AS list(u, place) ORDER BY place
      ON CONFLICT (key) DO NOTHING`;
  }

  /** Those of these numbers for which something waits. */
  async findWaiting(phoneNumberIds: readonly string[]): Promise<readonly string[]> {
    const rows = await this.prisma.$queryRaw<{ readonly id: string }[]>`
      SELECT number.id FROM unnest(${[...phoneNumberIds]}::text[]) AS number(id)
      WHERE EXISTS (SELECT FROM cloud_update WHERE phone_number_id = number.id AND is_pending)`;
    return rows.map(({ id }) => id);
  }

  /** Oldest first. */
  async findPending(phoneNumberId: string, limit: number): Promise<readonly PendingUpdate[]> {
    return this.prisma.cloudUpdate.findMany({
      where: { phoneNumberId, isPending: true },
      select: { id: true, kind: true, body: true },
      orderBy: { id: 'asc' },
      take: limit,
    });
  }

  /** What has failed so often stands aside from then on. */
  async settle({ done, kept, failed }: WorkedUpdates, maxFailures: number): Promise<void> {
    if (done.length > 0) await this.prisma.cloudUpdate.deleteMany({ where: { id: { in: [...done] } } });
    if (kept.length > 0) {
      await this.prisma.cloudUpdate.updateMany({ where: { id: { in: [...kept] } }, data: { isPending: false } });
    }
    if (failed.length > 0) {
      await this.prisma.$executeRaw`
        UPDATE cloud_update SET failures = failures + 1, is_pending = failures + 1 < ${maxFailures}
        WHERE id = ANY(${[...failed]}::bigint[])`;
    }
  }

  async findBody(key: string): Promise<unknown> {
    const update = await this.prisma.cloudUpdate.findUnique({ where: { key }, select: { body: true } });
    return update?.body ?? null;
  }

  async removeOfNumber(phoneNumberId: string): Promise<void> {
    await this.prisma.cloudUpdate.deleteMany({ where: { phoneNumberId } });
  }

  /** What was worked, or is worked by nobody. */
  async removeOlderThan(days: number): Promise<void> {
    await this.prisma.$executeRaw`
      DELETE FROM cloud_update WHERE NOT is_pending AND received_at < now() - ${days} * interval '1 day'`;
  }
}
