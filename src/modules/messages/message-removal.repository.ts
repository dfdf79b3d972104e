import { Injectable } from '@nestjs/common';

import { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import { MESSAGE_STATUSES, type MessageStatus } from './domain/message-status.js';

/** Messages that are not at their end: they are never removed for their age. */
const LIVE: ReadonlySet<MessageStatus> = new Set(['SCHEDULED', 'QUEUED', 'SENDING', 'UNCERTAIN']);
const ENDED = MESSAGE_STATUSES.filter((status) => !LIVE.has(status));

interface Gone {
  readonly id: string;
}

/** By session and status, as the index is: what is kept is not looked at. */
const OUTDATED = Prisma.sql`FROM session CROSS JOIN unnest(${ENDED}::text[]) AS ended(status)
  JOIN message ON message.session_id = session.id AND message.status = ended.status
    AND message.created_at < now() - interval '1 day' * (session.settings->'retention'->>'messageDays')::int`;

/** Removes messages with all that hangs on them, a bounded set in a transaction. */
@Injectable()
export class MessageRemovalRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Some messages of a session, whatever their status; answers how many. */
  async removeOfSession(sessionId: string, limit: number, db: Prisma.TransactionClient): Promise<number> {
    const gone = await db.$queryRaw<Gone[]>`
      DELETE FROM message WHERE id IN (SELECT id FROM message WHERE session_id = ${sessionId} LIMIT ${limit})
      RETURNING id`;
    return this.removeParts(gone, db);
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

  /** How many messages are older than the days that their session keeps them. */
  async countOutdated(): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ n: bigint }[]>`SELECT count(*) AS n ${OUTDATED}`;
    return Number(row?.n ?? 0);
  }

  /** Some of those messages; answers how many. */
  async removeOutdated(limit: number, db: Prisma.TransactionClient): Promise<number> {
    const gone = await db.$queryRaw<Gone[]>`
      DELETE FROM message WHERE id = ANY(ARRAY(SELECT message.id ${OUTDATED} LIMIT ${limit})) AND status = ANY(${ENDED})
      RETURNING id`;
    return this.removeParts(gone, db);
  }

  /** In a statement of its own: the one that removed the messages does not see a step that it had to wait for. */
  private async removeParts(messages: readonly Gone[], db: Prisma.TransactionClient): Promise<number> {
    const ids = messages.map(({ id }) => id);
    await db.$executeRaw`
      WITH steps AS (DELETE FROM message_timeline WHERE message_id = ANY(${ids})),
        tries AS (DELETE FROM message_attempt WHERE message_id = ANY(${ids}))
      DELETE FROM message_reaction WHERE message_id = ANY(${ids})`;
    return ids.length;
  }
}
