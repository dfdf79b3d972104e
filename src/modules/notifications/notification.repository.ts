import { Injectable } from '@nestjs/common';

import type { Notification as NotificationRow, Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { IncidentKind } from './domain/incident.js';
import type { Notification } from './domain/notification.js';

const toNotification = (row: NotificationRow): Notification => ({
  id: row.id,
  userId: row.userId,
  kind: row.kind as IncidentKind,
  sessionId: row.sessionId,
  title: row.title,
  body: row.body,
  createdAt: row.createdAt,
  readAt: row.readAt,
  mailedAt: row.mailedAt,
});

/** Whose notifications, and of which sessions: undefined for every session. */
export interface NotificationScope {
  readonly userId: string;
  readonly sessionIds: readonly string[] | undefined;
}

export interface NotificationListQuery {
  readonly before: string | undefined;
  readonly isUnreadOnly: boolean;
  readonly limit: number;
}

export type NewNotification = Pick<Notification, 'id' | 'userId' | 'kind' | 'sessionId' | 'title' | 'body'> & {
  readonly incidentId: string;
};

const within = ({ userId, sessionIds }: NotificationScope): Prisma.NotificationWhereInput => ({
  userId,
  ...(sessionIds && { sessionId: { in: [...sessionIds] } }),
});

/** What people were told. */
@Injectable()
export class NotificationRepository {
  constructor(private readonly prisma: PrismaService) {}

  async createAll(notifications: readonly NewNotification[], db: Prisma.TransactionClient): Promise<void> {
    await db.notification.createMany({ data: [...notifications], skipDuplicates: true });
  }

  /** Newest first; reads one more than asked for. */
  async findPage(
    scope: NotificationScope,
    { before, isUnreadOnly, limit }: NotificationListQuery,
  ): Promise<readonly Notification[]> {
    const rows = await this.prisma.notification.findMany({
      where: {
        ...within(scope),
        ...(before === undefined ? {} : { id: { lt: before } }),
        ...(isUnreadOnly ? { readAt: null } : {}),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return rows.map(toNotification);
  }

  /** Marks it read, keeping the first time; null when it is not within the scope. */
  async markRead(id: string, scope: NotificationScope, db: Prisma.TransactionClient): Promise<Notification | null> {
    await db.notification.updateMany({ where: { ...within(scope), id, readAt: null }, data: { readAt: new Date() } });
    const row = await db.notification.findFirst({ where: { ...within(scope), id } });
    return row && toNotification(row);
  }

  async findById(id: string): Promise<Notification | null> {
    const row = await this.prisma.notification.findUnique({ where: { id } });
    return row && toNotification(row);
  }

  async markMailed(id: string, db: Prisma.TransactionClient): Promise<void> {
    await db.notification.updateMany({ where: { id, mailedAt: null }, data: { mailedAt: new Date() } });
  }

  async removeOfSession(sessionId: string, db: Prisma.TransactionClient): Promise<void> {
    await db.notification.deleteMany({ where: { sessionId } });
  }
}
