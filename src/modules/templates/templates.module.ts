import { Module } from '@nestjs/common';

import { SessionsModule } from '../sessions/index.js';
import { TemplatesController } from './http/templates.controller.js';
import { TemplateRepository } from './template.repository.js';
import { Templates } from './templates.js';

@Module({
  imports: [SessionsModule],
  controllers: [TemplatesController],
  providers: [TemplateRepository, Templates],
  exports: [Templates],
})
export class TemplatesModule {}
