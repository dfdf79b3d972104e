import { Injectable } from '@nestjs/common';

import { PrismaService } from '../../platform/prisma/prisma.service.js';

export interface NextDue {
  readonly dueAt: Date;
  readonly delayMs: number;
}

/** What has left and what waits, as far as the pace of a session goes. */
@Injectable()
export class PaceRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Times of the tries of the last day, oldest first; a try counts whether it arrived or not. */
  async findSent(sessionId: string, limit: number): Promise<readonly Date[]> {
    const rows = await this.prisma.$queryRaw<{ at: Date }[]>`
      SELECT attempt.started_at AS at FROM message JOIN message_attempt AS attempt ON attempt.message_id = message.id
      WHERE message.session_id = ${sessionId} AND message.direction = 'OUTBOUND'
        AND attempt.started_at > now() - interval '1 day' AND attempt.outcome IS DISTINCT FROM 'NOT_STARTED'
      ORDER BY message.seq DESC LIMIT ${limit}`;
    return rows.map(({ at }) => at).sort((a, b) => a.getTime() - b.getTime());
  }

  /** The message that leaves next, when it leaves in order. */
  async findNext(sessionId: string): Promise<NextDue | null> {
    const [row] = await this.prisma.$queryRaw<NextDue[]>`
      SELECT due_at AS "dueAt", delay_ms AS "delayMs" FROM message
      WHERE session_id = ${sessionId} AND status = 'QUEUED' AND NOT is_held AND due_at <= now()
      ORDER BY session_id, priority DESC, seq LIMIT 1`;
    return row ?? null;
  }

  /** How long what waits will take, in milliseconds. */
  async sumWaiting(sessionId: string): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ total: bigint }[]>`
      SELECT coalesce(sum(delay_ms), 0) AS total FROM message
      WHERE session_id = ${sessionId} AND status IN ('QUEUED', 'SENDING') AND NOT is_held`;
    return Number(row?.total ?? 0);
  }

  /** Messages that a key has sent since this time. */
  async countSentBy(keyId: string, since: Date): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ n: bigint }[]>`
      SELECT count(*) AS n FROM message
      WHERE actor_kind = 'api-key' AND actor_id = ${keyId} AND created_at >= ${since} AND direction = 'OUTBOUND'`;
    return Number(row?.n ?? 0);
  }
}
