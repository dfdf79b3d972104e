import { Module } from '@nestjs/common';

import { SessionsModule } from '../sessions/index.js';
import { OptOutsController } from './http/opt-outs.controller.js';
import { OptOutRepository } from './opt-out.repository.js';
import { OptOuts } from './opt-outs.js';
import { StopWords } from './stop-words.js';

@Module({
  imports: [SessionsModule],
  controllers: [OptOutsController],
  providers: [OptOutRepository, OptOuts, StopWords],
  exports: [StopWords],
})
export class OptOutsModule {}
