import { Global, Module } from '@nestjs/common';

import { ConsumerRepository } from './consumer.repository.js';
import { ConsumerRunner } from './consumer-runner.js';
import { EventBus } from './event-bus.js';
import { JournalRepository } from './journal.repository.js';

@Global()
@Module({
  providers: [EventBus, JournalRepository, ConsumerRepository, ConsumerRunner],
  exports: [EventBus, JournalRepository, ConsumerRunner],
})
export class EventsModule {}
