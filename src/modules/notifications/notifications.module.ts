import { Module } from '@nestjs/common';

import { IdentityModule } from '../identity/index.js';
import { SessionsModule } from '../sessions/index.js';
import { NotificationsController } from './http/notifications.controller.js';
import { IncidentRepository } from './incident.repository.js';
import { Incidents } from './incidents.js';
import { Mailer } from './mail/mailer.js';
import { SmtpMailer } from './mail/smtp-mailer.js';
import { NotificationInbox } from './notification-inbox.js';
import { NotificationMails } from './notification-mails.js';
import { NotificationRepository } from './notification.repository.js';
import { SessionAlertsConsumer } from './session-alerts.consumer.js';

@Module({
  imports: [IdentityModule, SessionsModule],
  controllers: [NotificationsController],
  providers: [
    IncidentRepository,
    NotificationRepository,
    Incidents,
    NotificationInbox,
    NotificationMails,
    SessionAlertsConsumer,
    { provide: Mailer, useClass: SmtpMailer },
  ],
})
export class NotificationsModule {}
