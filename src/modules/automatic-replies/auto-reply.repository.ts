import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import type { Exchange } from './domain/exchange.js';

/** With whom an exchange is. */
export interface Contact {
  readonly sessionId: string;
  readonly phone: string;
}

/** What was answered by itself, and to whom. */
@Injectable()
export class AutoReplyRepository {
  async find({ sessionId, phone }: Contact, db: Prisma.TransactionClient): Promise<Exchange | null> {
    const row = await db.autoReply.findUnique({
      where: { sessionId_contact: { sessionId, contact: phone } },
      select: { windowStart: true, count: true, lastText: true, lastAt: true },
    });
    return row && { since: row.windowStart, replies: row.count, lastText: row.lastText, lastAt: row.lastAt };
  }

  async save({ sessionId, phone }: Contact, exchange: Exchange, db: Prisma.TransactionClient): Promise<void> {
    const { since: windowStart, replies: count, lastText, lastAt } = exchange;
    const fields = { windowStart, count, lastText, lastAt };
    await db.autoReply.upsert({
      where: { sessionId_contact: { sessionId, contact: phone } },
      create: { sessionId, contact: phone, ...fields },
      update: fields,
      select: { sessionId: true },
    });
  }

  /** Whether the number is linked to one of our sessions: two of them must not talk to each other. */
  async isOurs(phone: string, db: Prisma.TransactionClient): Promise<boolean> {
    return (await db.session.count({ where: { phone } })) > 0;
  }

  /** When a message was written; null when it is in the log no more. */
  async findWrittenAt(messageId: string, db: Prisma.TransactionClient): Promise<Date | null> {
    const row = await db.message.findUnique({ where: { id: messageId }, select: { createdAt: true } });
    return row?.createdAt ?? null;
  }

  /** Forgets with whom nothing was exchanged for a while; answers how many. */
  async forget(before: Date, db: Prisma.TransactionClient): Promise<number> {
    return (await db.autoReply.deleteMany({ where: { lastAt: { lt: before } } })).count;
  }
}
