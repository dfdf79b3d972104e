import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { newId } from '../../kernel/ids.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { ApiKey, KeyState } from './domain/api-key.js';

export interface NewApiKey extends Pick<
  ApiKey,
  'name' | 'prefix' | 'makerId' | 'scopes' | 'sessionIds' | 'addresses' | 'dailyQuota' | 'expiresAt'
> {
  readonly hash: string;
}

const SELECT = {
  ...{ id: true, name: true, prefix: true, makerId: true, scopes: true, allSessions: true, sessionIds: true },
  ...{ addresses: true, dailyQuota: true, expiresAt: true, revokedAt: true, lastUsedAt: true, createdAt: true },
} as const;

type Row = Prisma.ApiKeyGetPayload<{ select: typeof SELECT }>;

const toApiKey = ({ allSessions, sessionIds, ...row }: Row): ApiKey => ({
  ...row,
  sessionIds: allSessions ? null : sessionIds,
});

/** The keys. They belong to the installation: whoever may manage them sees them all. */
@Injectable()
export class ApiKeyRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Newest first. */
  async find(
    prefix: string | undefined,
    { limit, before }: { readonly limit: number; readonly before: string | null },
  ): Promise<readonly ApiKey[]> {
    const rows = await this.prisma.apiKey.findMany({
      where: {
        ...(prefix !== undefined && { prefix: { startsWith: prefix } }),
        ...(before !== null && { id: { lt: before } }),
      },
      select: SELECT,
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map(toApiKey);
  }

  async findById(id: string): Promise<ApiKey | null> {
    const row = await this.prisma.apiKey.findUnique({ where: { id }, select: SELECT });
    return row && toApiKey(row);
  }

  /** With its hash, for the proof. */
  async findState(prefix: string): Promise<KeyState | null> {
    const row = await this.prisma.apiKey.findUnique({ where: { prefix }, select: { ...SELECT, hash: true } });
    if (row === null) return null;
    const { hash, ...key } = row;
    const [maker, sandboxes] = await Promise.all([
      this.prisma.user.findFirst({
        where: { id: key.makerId, disabledAt: null },
        select: { role: true, grants: { select: { sessionId: true } } },
      }),
      this.prisma.session.findMany({ where: { id: { in: key.sessionIds }, engine: 'sandbox' }, select: { id: true } }),
    ]);
    return {
      key: toApiKey(key),
      hash,
      maker: maker && { role: maker.role, sessionIds: maker.grants.map(({ sessionId }) => sessionId) },
      sandboxIds: sandboxes.map(({ id }) => id),
    };
  }

  /** Which of these sessions there are, by engine. */
  async findEngines(sessionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const where = { id: { in: [...sessionIds] } };
    const rows = await this.prisma.session.findMany({ where, select: { id: true, engine: true } });
    return new Map(rows.map(({ id, engine }) => [id, engine]));
  }

  async create({ sessionIds, ...key }: NewApiKey, db: Prisma.TransactionClient): Promise<ApiKey> {
    const data = {
      ...key,
      ...{ id: newId('key'), scopes: [...key.scopes], addresses: [...key.addresses] },
      ...{ allSessions: sessionIds === null, sessionIds: [...(sessionIds ?? [])] },
    };
    return toApiKey(await db.apiKey.create({ data, select: SELECT }));
  }

  /** False when it is revoked already. */
  async revoke(id: string, db: Prisma.TransactionClient): Promise<boolean> {
    const { count } = await db.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } });
    return count === 1;
  }

  async noteUses(uses: ReadonlyMap<string, Date>): Promise<void> {
    await this.prisma.$executeRaw`
      UPDATE api_key SET last_used_at = greatest(last_used_at, given.at)
      FROM unnest(${[...uses.keys()]}::text[], ${[...uses.values()]}::timestamptz[]) AS given(id, at)
      WHERE api_key.id = given.id`;
  }
}
