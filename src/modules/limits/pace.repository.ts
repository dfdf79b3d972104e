import { Injectable } from '@nestjs/common';

import { PrismaService } from '../../platform/prisma/prisma.service.js';

export interface NextDue {
  readonly dueAt: Date;
  readonly delayMs: number;
}

/** A message behind so many is told the time of the last of them. */
const FORESEEN = 20_000;

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
      ORDER BY attempt.started_at DESC LIMIT ${limit}`;
    return rows.map(({ at }) => at).reverse();
  }

  /** The message that leaves next, when it leaves in order. */
  async findNext(sessionId: string): Promise<NextDue | null> {
    const [row] = await this.prisma.$queryRaw<NextDue[]>`
      SELECT due_at AS "dueAt", delay_ms AS "delayMs" FROM message
      WHERE session_id = ${sessionId} AND status = 'QUEUED' AND NOT is_held AND due_at <= now()
      ORDER BY session_id, priority DESC, seq LIMIT 1`;
    return row ?? null;
  }

  /** The pauses of what waits, in the order in which it leaves. */
  async findWaiting(sessionId: string): Promise<readonly number[]> {
    const rows = await this.prisma.$queryRaw<{ delayMs: number }[]>`
      SELECT delay_ms AS "delayMs" FROM message
      WHERE session_id = ${sessionId} AND status = 'QUEUED' AND NOT is_held
      ORDER BY session_id, priority DESC, seq LIMIT ${FORESEEN}`;
    return rows.map(({ delayMs }) => delayMs);
  }
}
