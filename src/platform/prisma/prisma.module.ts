import { Global, Module } from '@nestjs/common';

import { EventsModule } from '../events/events.module.js';
import { DatabaseCheck } from './database-check.js';
import { DatabaseStartup } from './database-startup.js';
import { PrismaService } from './prisma.service.js';
import { Transactions } from './transactions.js';

@Global()
@Module({
  imports: [EventsModule],
  providers: [PrismaService, Transactions, DatabaseStartup, DatabaseCheck],
  exports: [PrismaService, Transactions, DatabaseStartup, DatabaseCheck],
})
export class PrismaModule {}
