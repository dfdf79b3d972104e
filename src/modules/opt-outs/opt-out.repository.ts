import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { newId } from '../../kernel/ids.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { OptOut } from './domain/opt-out.js';

export interface NewOptOut {
  readonly phone: string;
  readonly sessionId: string | null;
  readonly source: OptOut['source'];
  readonly reason: string | null;
  readonly createdBy: string | null;
}

export interface OptOutFilters {
  readonly phone?: string;
  readonly sessionId?: string;
}

const SELECT = { id: true, phone: true, sessionId: true, source: true, reason: true, createdAt: true } as const;

type Row = Prisma.OptOutGetPayload<{ select: typeof SELECT }>;

const toOptOut = (row: Row): OptOut => ({
  ...row,
  sessionId: row.sessionId === '' ? null : row.sessionId,
  source: row.source as OptOut['source'],
});

/** What is for every session concerns each of them: whoever sees a session sees it too. */
const inScope = (sessionIds: readonly string[] | undefined): Prisma.OptOutWhereInput =>
  sessionIds === undefined ? {} : { sessionId: { in: ['', ...sessionIds] } };

/** Who wants no messages. `sessionIds` is what the caller may see: undefined for every session. */
@Injectable()
export class OptOutRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Newest first. */
  async find(
    sessionIds: readonly string[] | undefined,
    { phone, sessionId }: OptOutFilters,
    { limit, before }: { readonly limit: number; readonly before: string | null },
  ): Promise<readonly OptOut[]> {
    const rows = await this.prisma.optOut.findMany({
      where: {
        AND: [inScope(sessionIds), sessionId === undefined ? {} : { sessionId }],
        ...(phone !== undefined && { phone }),
        ...(before !== null && { id: { lt: before } }),
      },
      select: SELECT,
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map(toOptOut);
  }

  async findById(sessionIds: readonly string[] | undefined, id: string): Promise<OptOut | null> {
    const row = await this.prisma.optOut.findFirst({ where: { id, ...inScope(sessionIds) }, select: SELECT });
    return row && toOptOut(row);
  }

  /** Those that were not known already. */
  async add(optOuts: readonly NewOptOut[], db: Prisma.TransactionClient): Promise<readonly OptOut[]> {
    const data = optOuts.map((one) => ({ ...one, id: newId('opt'), sessionId: one.sessionId ?? '' }));
    const rows = await db.optOut.createManyAndReturn({ data, skipDuplicates: true, select: SELECT });
    return rows.map(toOptOut);
  }

  /** The one of exactly this number and session. */
  async findOne(phone: string, sessionId: string | null, db: Prisma.TransactionClient): Promise<OptOut | null> {
    const row = await db.optOut.findUnique({
      where: { phone_sessionId: { phone, sessionId: sessionId ?? '' } },
      select: SELECT,
    });
    return row && toOptOut(row);
  }

  async remove(id: string, db: Prisma.TransactionClient): Promise<boolean> {
    const { count } = await db.optOut.deleteMany({ where: { id } });
    return count === 1;
  }

  async removeOfSession(sessionId: string): Promise<void> {
    await this.prisma.optOut.deleteMany({ where: { sessionId } });
  }

  /** Takes back what the same people had asked this session for; answers the numbers. */
  async removeOf(
    phones: readonly string[],
    sessionId: string,
    db: Prisma.TransactionClient,
  ): Promise<readonly string[]> {
    const rows = await db.$queryRaw<{ phone: string }[]>`
      DELETE FROM opt_out WHERE phone = ANY(${[...phones]}::text[]) AND session_id = ${sessionId}
        AND source = 'stop-word' RETURNING phone`;
    return rows.map(({ phone }) => phone);
  }
}
