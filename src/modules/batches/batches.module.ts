import { Module } from '@nestjs/common';

import { MessagesModule } from '../messages/index.js';
import { SessionsModule } from '../sessions/index.js';
import { TemplatesModule } from '../templates/index.js';
import { BatchControl } from './batch-control.js';
import { BatchPreparation } from './batch-preparation.js';
import { BatchRepository } from './batch.repository.js';
import { BatchResults } from './batch-results.js';
import { Batches } from './batches.js';
import { BatchesController } from './http/batches.controller.js';

@Module({
  imports: [MessagesModule, SessionsModule, TemplatesModule],
  controllers: [BatchesController],
  providers: [BatchControl, BatchPreparation, BatchRepository, BatchResults, Batches],
})
export class BatchesModule {}
