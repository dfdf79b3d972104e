import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { Message, TimelineEntry } from './domain/message.js';
import type { MessageStatus } from './domain/message-status.js';

const SELECT = {
  id: true,
  seq: true,
  sessionId: true,
  direction: true,
  type: true,
  status: true,
  sender: true,
  recipient: true,
  groupId: true,
  text: true,
  content: true,
  mediaId: true,
  mediaStatus: true,
  targetId: true,
  batchId: true,
  priority: true,
  scheduledAt: true,
  expiresAt: true,
  editedAt: true,
  revokedAt: true,
  providerMessageId: true,
  errorCode: true,
  errorDetail: true,
  createdAt: true,
  sentAt: true,
  deliveredAt: true,
  readAt: true,
} as const;

type Row = Prisma.MessageGetPayload<{ select: typeof SELECT }>;

const toMessage = ({ sender, recipient, groupId, content, errorCode, errorDetail, ...row }: Row): Message => ({
  ...row,
  group: groupId,
  content: content as object | null,
  direction: row.direction as Message['direction'],
  status: row.status as MessageStatus,
  from: sender,
  to: recipient,
  error: errorCode === null ? null : { code: errorCode, detail: errorDetail },
});

const inScope = (sessionIds: readonly string[] | undefined): Prisma.MessageWhereInput =>
  sessionIds === undefined ? {} : { sessionId: { in: [...sessionIds] } };

/** Reads the message log. `sessionIds` is what the caller may see: undefined for every session. */
@Injectable()
export class MessageRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** In the order of the ids; one that is gone since is left out. */
  async findByIds(ids: readonly string[]): Promise<readonly Message[]> {
    const rows = await this.prisma.message.findMany({ where: { id: { in: [...ids] } }, select: SELECT });
    const byId = new Map(rows.map((row) => [row.id, toMessage(row)]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  async findById(sessionIds: readonly string[] | undefined, id: string): Promise<Message | null> {
    const row = await this.prisma.message.findFirst({ where: { id, ...inScope(sessionIds) }, select: SELECT });
    return row && toMessage(row);
  }

  async findTimeline(messageId: string): Promise<readonly TimelineEntry[]> {
    const rows = await this.prisma.messageTimeline.findMany({
      where: { messageId },
      select: { at: true, status: true, reason: true, attempt: true, by: true },
      orderBy: { id: 'asc' },
    });
    return rows.map((row) => ({ ...row, status: row.status as MessageStatus }));
  }
}
