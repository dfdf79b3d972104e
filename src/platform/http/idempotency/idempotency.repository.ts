import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../../generated/prisma/client.js';
import { toDatabaseError } from '../../prisma/prisma-errors.js';
import { PrismaService } from '../../prisma/prisma.service.js';

/** What a key belongs to: the same key of somebody else, or on another route, is another one. */
export interface KeyScope {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
}

/** The first answer, kept for those who ask again. */
export interface KeptAnswer {
  readonly status: number;
  /** Sealed text. */
  readonly body: string;
}

export type Claim =
  | { readonly outcome: 'claimed'; readonly since: Date }
  | { readonly outcome: 'running' }
  | { readonly outcome: 'other-body' }
  | { readonly outcome: 'answered'; readonly answer: KeptAnswer };

interface Row {
  readonly bodyHash: string;
  readonly status: number | null;
  readonly body: unknown;
}

/** No request takes this long: whoever has claimed a key before has died with it. */
const STALE_SECONDS = 60;
const LIFE_HOURS = 72;

const toClaim = (row: Row | null, bodyHash: string): Claim => {
  // Gone between two statements: the first request has failed just now, and the next try finds the way free.
  if (!row) return { outcome: 'running' };
  if (row.bodyHash !== bodyHash) return { outcome: 'other-body' };
  if (row.status === null || typeof row.body !== 'string') return { outcome: 'running' };
  return { outcome: 'answered', answer: { status: row.status, body: row.body } };
};

/** First answers by Idempotency-Key. */
@Injectable()
export class IdempotencyRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Takes the key when it is free; of requests that come at once, one gets it. */
  async claim({ principal, route, key }: KeyScope, bodyHash: string): Promise<Claim> {
    try {
      const [taken] = await this.prisma.$queryRaw<{ since: Date }[]>`
        INSERT INTO idempotency_key AS held (principal, route, key, body_hash)
        VALUES (${principal}, ${route}, ${key}, ${bodyHash})
        ON CONFLICT (principal, route, key) DO UPDATE
          SET body_hash = EXCLUDED.body_hash, status = NULL, body = NULL, resource = NULL, created_at = now()
          WHERE held.created_at < now() - ${LIFE_HOURS} * interval '1 hour'
            OR (held.status IS NULL AND held.body_hash = EXCLUDED.body_hash
              AND held.created_at < now() - ${STALE_SECONDS} * interval '1 second')
        RETURNING created_at AS since`;
      if (taken) return { outcome: 'claimed', since: taken.since };
      const where = { principal_route_key: { principal, route, key } };
      const select = { bodyHash: true, status: true, body: true };
      return toClaim(await this.prisma.idempotencyKey.findUnique({ where, select }), bodyHash);
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  /** Keeps the answer, unless the key was taken over meanwhile. */
  async keep(scope: KeyScope, since: Date, answer: KeptAnswer): Promise<void> {
    await this.prisma.idempotencyKey.updateMany({ where: this.held(scope, since), data: { ...answer } });
  }

  /** Frees the key: what failed may be tried again with it. */
  async release(scope: KeyScope, since: Date): Promise<void> {
    await this.prisma.idempotencyKey.deleteMany({ where: this.held(scope, since) });
  }

  /** Forgets answers whose time is over. */
  async removeOld(): Promise<number> {
    return this.prisma.$executeRaw`
      DELETE FROM idempotency_key WHERE created_at < now() - ${LIFE_HOURS} * interval '1 hour'`;
  }

  private held({ principal, route, key }: KeyScope, createdAt: Date): Prisma.IdempotencyKeyWhereInput {
    return { principal, route, key, createdAt, status: null };
  }
}
