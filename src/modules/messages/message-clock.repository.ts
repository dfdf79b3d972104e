import { Injectable } from '@nestjs/common';

import { PrismaService } from '../../platform/prisma/prisma.service.js';

/** Finds messages that nothing but the time moves on. Each statement works on one bounded set. */
@Injectable()
export class MessageClockRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Queues what was scheduled for now or before; answers the sessions on which something is due. */
  async queueDue(limit: number): Promise<{ readonly count: number; readonly sessionIds: ReadonlySet<string> }> {
    const rows = await this.prisma.$queryRaw<{ session_id: string }[]>`
      WITH due AS (
        SELECT id FROM message WHERE status = 'SCHEDULED' AND due_at <= now()
        ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ), queued AS (
        UPDATE message SET status = 'QUEUED' FROM due WHERE message.id = due.id RETURNING message.id, session_id
      ), told AS (
        INSERT INTO message_timeline (message_id, status, reason) SELECT id, 'QUEUED', 'scheduled' FROM queued
      )
      SELECT session_id FROM queued`;
    return { count: rows.length, sessionIds: new Set(rows.map(({ session_id }) => session_id)) };
  }

  /** Messages that wait and live no longer. */
  async findExpired(limit: number): Promise<readonly string[]> {
    const rows = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM message
      WHERE status IN ('SCHEDULED', 'QUEUED') AND expires_at IS NOT NULL AND expires_at <= now()
      ORDER BY expires_at LIMIT ${limit}`;
    return rows.map(({ id }) => id);
  }

  /** Messages that the provider has, and that nobody has acknowledged within the time of their session. */
  async findUnacknowledged(limit: number, defaultSeconds: number): Promise<readonly string[]> {
    const rows = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT message.id FROM session JOIN LATERAL (
        SELECT id FROM message
        WHERE message.session_id = session.id AND status = 'SENT' AND type NOT IN ('reaction', 'edit', 'revoke')
          AND sent_at < now() - interval '1 second'
            * coalesce((session.settings->>'confirmTimeoutSeconds')::int, ${defaultSeconds})
        ORDER BY sent_at LIMIT ${limit}
      ) AS message ON true LIMIT ${limit}`;
    return rows.map(({ id }) => id);
  }
}
