import { Injectable } from '@nestjs/common';

import { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import { MESSAGE_STATUSES, type MessageStatus } from './domain/message-status.js';

/** Messages that are not at their end: they are never removed for their age. */
const LIVE: ReadonlySet<MessageStatus> = new Set(['SCHEDULED', 'QUEUED', 'SENDING', 'UNCERTAIN']);
const ENDED = MESSAGE_STATUSES.filter((status) => !LIVE.has(status));

/** By session and status, as the index is: what is kept is not looked at. */
const OUTDATED = Prisma.sql`FROM session CROSS JOIN unnest(${ENDED}::text[]) AS ended(status)
  JOIN message ON message.session_id = session.id AND message.status = ended.status
    AND message.created_at < now() - interval '1 day' * (session.settings->'retention'->>'messageDays')::int`;

/** Removes messages with all that hangs on them, one bounded set a statement. */
@Injectable()
export class MessageRemovalRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Some messages of a session, whatever their status; answers how many. */
  removeOfSession(sessionId: string, limit: number): Promise<number> {
    return this.prisma.$executeRaw`
      WITH gone AS (DELETE FROM message WHERE id IN (
          SELECT id FROM message WHERE session_id = ${sessionId} LIMIT ${limit}) RETURNING id),
        steps AS (DELETE FROM message_timeline WHERE message_id IN (SELECT id FROM gone)),
        tries AS (DELETE FROM message_attempt WHERE message_id IN (SELECT id FROM gone)),
        reactions AS (DELETE FROM message_reaction WHERE message_id IN (SELECT id FROM gone))
      SELECT id FROM gone`;
  }

  /** What a session has beside its messages. */
  async removeRest(sessionId: string, db: Prisma.TransactionClient): Promise<void> {
    await db.parkedAck.deleteMany({ where: { sessionId } });
    await db.$executeRaw`DELETE FROM batch_refusal USING batch WHERE batch_refusal.batch_id = batch.id
      AND batch.session_id = ${sessionId}`;
    await db.batch.deleteMany({ where: { sessionId } });
    await db.autoReply.deleteMany({ where: { sessionId } });
    await db.usageDay.deleteMany({ where: { sessionId } });
  }

  /** Messages older than the days that their session keeps them; answers how many went, or would go. */
  async removeOutdated(limit: number, isDryRun: boolean): Promise<number> {
    if (isDryRun) {
      const [row] = await this.prisma.$queryRaw<{ n: bigint }[]>`SELECT count(*) AS n ${OUTDATED}`;
      return Number(row?.n ?? 0);
    }
    return this.prisma.$executeRaw`
      WITH gone AS (DELETE FROM message WHERE id = ANY(ARRAY(SELECT message.id ${OUTDATED} LIMIT ${limit}))
          AND status = ANY(${ENDED}) RETURNING id),
        steps AS (DELETE FROM message_timeline WHERE message_id IN (SELECT id FROM gone)),
        tries AS (DELETE FROM message_attempt WHERE message_id IN (SELECT id FROM gone)),
        reactions AS (DELETE FROM message_reaction WHERE message_id IN (SELECT id FROM gone))
      SELECT id FROM gone`;
  }
}
