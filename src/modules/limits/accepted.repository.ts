import { Injectable } from '@nestjs/common';

import { firstIdOf } from '../../kernel/ids.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';

/** An id may have been made a while before its row was stored, and by another clock. */
const ID_MARGIN_MS = 3_600_000;

const firstIdSince = (since: Date): string => firstIdOf('msg', since.getTime() - ID_MARGIN_MS);

/** How many messages were accepted since a time; ids begin with theirs, so that older messages are not looked at. */
@Injectable()
export class AcceptedRepository {
  constructor(private readonly prisma: PrismaService) {}

  countOfKey(keyId: string, since: Date): Promise<number> {
    return this.numberOf(this.prisma.$queryRaw`
      SELECT count(*) AS n FROM message WHERE direction = 'OUTBOUND'
        AND actor_kind = 'api-key' AND actor_id = ${keyId} AND created_at >= ${since}`);
  }

  countOfPerson(userId: string, since: Date): Promise<number> {
    return this.numberOf(this.prisma.$queryRaw`
      SELECT count(*) AS n FROM message WHERE direction = 'OUTBOUND' AND id >= ${firstIdSince(since)}
        AND actor_kind = 'user' AND actor_id = ${userId} AND created_at >= ${since}`);
  }

  countOfSession(sessionId: string, since: Date): Promise<number> {
    return this.numberOf(this.prisma.$queryRaw`
      SELECT count(*) AS n FROM message WHERE direction = 'OUTBOUND' AND id >= ${firstIdSince(since)}
        AND session_id = ${sessionId} AND created_at >= ${since}`);
  }

  private async numberOf(rows: Promise<readonly { readonly n: bigint }[]>): Promise<number> {
    const [row] = await rows;
    return Number(row?.n ?? 0);
  }
}
