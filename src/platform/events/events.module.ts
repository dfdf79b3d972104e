import { Global, Module } from '@nestjs/common';

import { JobsModule } from '../jobs/jobs.module.js';
import { ConsumerRepository } from './consumer.repository.js';
import { ConsumerRunner } from './consumer-runner.js';
import { EventBus } from './event-bus.js';
import { JournalRepository } from './journal.repository.js';
import { JournalRetention } from './journal-retention.js';

@Global()
@Module({
  imports: [JobsModule],
  providers: [EventBus, JournalRepository, ConsumerRepository, ConsumerRunner, JournalRetention],
  exports: [EventBus, JournalRepository, ConsumerRunner, JournalRetention],
})
export class EventsModule {}
