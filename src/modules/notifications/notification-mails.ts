import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';

import { HttpConfig } from '../../config/config.slices.js';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import { Administrators } from '../identity/index.js';
import type { Notification } from './domain/notification.js';
import { Mailer } from './mail/mailer.js';
import { NotificationRepository } from './notification.repository.js';

const SendNotificationMail = defineJob<{ notificationId: string }>()({
  name: 'notification-mail',
  // About seven hours: a mail server that is down over night's maintenance does not lose an alert.
  retries: { limit: 35, delaySeconds: 2, maxDelaySeconds: 900 },
  expiresInSeconds: 120,
});

const FOOTER =
  'You receive this because you are an administrator of this installation. It is told once; the next such mail comes only after the session has worked again.';

/** Mails notifications: one job for each, enqueued with it. */
@Injectable()
export class NotificationMails implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly notifications: NotificationRepository,
    private readonly administrators: Administrators,
    private readonly transactions: Transactions,
    @Inject(Mailer) private readonly mailer: Mailer,
    @Inject(HttpConfig) private readonly http: HttpConfig,
  ) {}

  onModuleInit(): void {
    this.jobs.register(SendNotificationMail, ({ notificationId }) => this.deliver(notificationId));
  }

  async enqueue(tx: Transaction, notificationIds: readonly string[]): Promise<void> {
    if (!this.mailer.isConfigured) return;
    for (const notificationId of notificationIds) await this.jobs.enqueue(tx, SendNotificationMail, { notificationId });
  }

  /**
   * The mark follows the mail: when the process dies between the two, the mail is sent again under the same Message-ID.
   * The other order would lose it.
   */
  private async deliver(id: string): Promise<void> {
    const notification = await this.notifications.findById(id);
    if (notification?.mailedAt !== null || !this.mailer.isConfigured) return;
    const recipient = await this.administrators.findById(notification.userId);
    if (!recipient) return;
    await this.mailer.send({
      to: { name: recipient.name, address: recipient.email },
      subject: notification.title,
      text: this.compose(notification),
      messageId: `<${id}@waypost>`,
    });
    await this.transactions.run((tx) => this.notifications.markMailed(id, tx.db));
  }

  private compose({ body, createdAt }: Notification): string {
    const { publicUrl } = this.http;
    const lines = [body, '', `Since: ${createdAt.toISOString()}`];
    if (publicUrl !== undefined) lines.push(`Waypost: ${publicUrl}`);
    return `${[...lines, '', '-- ', FOOTER].join('\n')}\n`;
  }
}
