import { Module } from '@nestjs/common';

import { SessionsModule } from '../sessions/index.js';
import { AcceptRepository } from './accept.repository.js';
import { Dispatcher } from './dispatcher.js';
import { MessagesController } from './http/messages.controller.js';
import { Inbox } from './inbox.js';
import { InboxRepository } from './inbox.repository.js';
import { MessageLog } from './message-log.js';
import { MessageRepository } from './message.repository.js';
import { MessageSending } from './message-sending.js';
import { Outbox } from './outbox.js';
import { OutboxRecovery } from './outbox-recovery.js';
import { OutboxRepository } from './outbox.repository.js';
import { ParkedAckRetention } from './parked-ack-retention.js';
import { SendWaiters } from './send-waiters.js';
import { StatusRepository } from './status.repository.js';
import { StatusWriter } from './status-writer.js';

@Module({
  imports: [SessionsModule],
  controllers: [MessagesController],
  providers: [
    AcceptRepository,
    Dispatcher,
    Inbox,
    InboxRepository,
    MessageLog,
    MessageRepository,
    MessageSending,
    Outbox,
    OutboxRecovery,
    OutboxRepository,
    ParkedAckRetention,
    SendWaiters,
    StatusRepository,
    StatusWriter,
  ],
  exports: [MessageLog, MessageSending],
})
export class MessagesModule {}
