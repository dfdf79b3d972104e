import { Global, Module } from '@nestjs/common';

import { EventsModule } from '../events/events.module.js';
import { PrismaService } from './prisma.service.js';
import { Transactions } from './transactions.js';

@Global()
@Module({ imports: [EventsModule], providers: [PrismaService, Transactions], exports: [PrismaService, Transactions] })
export class PrismaModule {}
