import { Injectable } from '@nestjs/common';

import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { type Principal, visibleSessions } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import type { Notification } from './domain/notification.js';
import { NotificationNotFoundError } from './notification.errors.js';
import { NotificationRepository, type NotificationScope } from './notification.repository.js';

export interface InboxQuery {
  readonly isUnreadOnly: boolean;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const ID = /^ntf_[0-9a-z]{1,40}$/;

const scopeOf = (principal: Principal): NotificationScope => ({
  userId: principal.id,
  sessionIds: visibleSessions(principal),
});

/** What one person was told: read by that person alone. */
@Injectable()
export class NotificationInbox {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  async list(principal: Principal, { isUnreadOnly, limit, cursor }: InboxQuery): Promise<Page<Notification>> {
    const filters = { userId: principal.id, isUnreadOnly };
    const before = cursor === undefined ? undefined : (decodeCursor(cursor, filters) ?? '');
    if (before !== undefined && !ID.test(before)) {
      throw new InvalidRequestError([{ pointer: '?cursor', detail: 'cursor must be one that this list gave out' }]);
    }
    const rows = await this.notifications.findPage(scopeOf(principal), { before, isUnreadOnly, limit });
    return toPage(rows, limit, filters, ({ id }) => id);
  }

  /** Keeps the time of the first reading. */
  async markRead(principal: Principal, id: string): Promise<Notification> {
    return this.transactions.run(async (tx) => {
      const notification = await this.notifications.markRead(id, scopeOf(principal), tx.db);
      if (!notification) throw new NotificationNotFoundError();
      await this.audit.record(tx, { action: 'notifications.read', target: id });
      return notification;
    });
  }
}
