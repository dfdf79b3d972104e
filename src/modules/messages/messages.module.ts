import { Module } from '@nestjs/common';

import { LimitsModule } from '../limits/index.js';
import { MediaModule } from '../media/index.js';
import { OptOutsModule } from '../opt-outs/index.js';
import { SessionsModule } from '../sessions/index.js';
import { TemplatesModule } from '../templates/index.js';
import { AcceptRepository } from './accept.repository.js';
import { BatchMessagesRepository } from './batch-messages.repository.js';
import { BatchMessages } from './batch-messages.js';
import { ContentLoader } from './content-loader.js';
import { Dispatcher } from './dispatcher.js';
import { Gaps } from './gaps.js';
import { MessageHistoryController } from './http/message-history.controller.js';
import { MessageActsController } from './http/message-acts.controller.js';
import { MessagesController } from './http/messages.controller.js';
import { Inbox } from './inbox.js';
import { InboundChangesRepository } from './inbound-changes.repository.js';
import { InboundChanges } from './inbound-changes.js';
import { InboundMediaRepository } from './inbound-media.repository.js';
import { InboundMedia } from './inbound-media.js';
import { InboundStore } from './inbound-store.js';
import { InboxRepository } from './inbox.repository.js';
import { MessageActs } from './message-acts.js';
import { MessageClockRepository } from './message-clock.repository.js';
import { MessageClock } from './message-clock.js';
import { MessageComposer } from './message-composer.js';
import { MessageControl } from './message-control.js';
import { MessageExport } from './message-export.js';
import { MessageHistoryRepository } from './message-history.repository.js';
import { MessageLog } from './message-log.js';
import { MessageRemovalRepository } from './message-removal.repository.js';
import { MessageRemoval } from './message-removal.js';
import { MessageRepository } from './message.repository.js';
import { MessageSending } from './message-sending.js';
import { MessagePreparation } from './message-preparation.js';
import { Outbox } from './outbox.js';
import { Outgoing } from './outgoing.js';
import { OutgoingRepository } from './outgoing.repository.js';
import { OutboxRecovery } from './outbox-recovery.js';
import { OutboxRepository } from './outbox.repository.js';
import { ParkedAckRetention } from './parked-ack-retention.js';
import { MessageSearchRepository } from './search/message-search.repository.js';
import { MessageSearch } from './search/message-search.js';
import { SearchIndexRepository } from './search/search-index.repository.js';
import { SearchIndexer } from './search/search-indexer.js';
import { SendWaiters } from './send-waiters.js';
import { StatusRepository } from './status.repository.js';
import { StatusWriter } from './status-writer.js';

@Module({
  imports: [LimitsModule, MediaModule, OptOutsModule, SessionsModule, TemplatesModule],
  controllers: [MessageActsController, MessageHistoryController, MessagesController],
  providers: [
    AcceptRepository,
    BatchMessages,
    BatchMessagesRepository,
    ContentLoader,
    Dispatcher,
    Gaps,
    InboundChanges,
    InboundChangesRepository,
    InboundMedia,
    InboundMediaRepository,
    InboundStore,
    Inbox,
    InboxRepository,
    MessageActs,
    MessageClock,
    MessageClockRepository,
    MessageComposer,
    MessageControl,
    MessageExport,
    MessageHistoryRepository,
    MessageLog,
    MessagePreparation,
    MessageRemoval,
    MessageRemovalRepository,
    MessageRepository,
    MessageSearch,
    MessageSearchRepository,
    MessageSending,
    Outbox,
    Outgoing,
    OutgoingRepository,
    OutboxRecovery,
    OutboxRepository,
    ParkedAckRetention,
    SearchIndexer,
    SearchIndexRepository,
    SendWaiters,
    StatusRepository,
    StatusWriter,
  ],
  exports: [BatchMessages, MessageComposer, MessageLog, MessagePreparation, MessageSending, Outbox],
})
export class MessagesModule {}
