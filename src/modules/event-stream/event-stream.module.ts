import { Module } from '@nestjs/common';

import { SessionsModule } from '../sessions/index.js';
import { EventStreams } from './event-streams.js';
import { EventsController } from './http/events.controller.js';
import { JournalPulse } from './journal-pulse.js';

@Module({ imports: [SessionsModule], controllers: [EventsController], providers: [EventStreams, JournalPulse] })
export class EventStreamModule {}
