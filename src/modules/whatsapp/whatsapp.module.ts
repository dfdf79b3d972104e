import { Module } from '@nestjs/common';

import { MessagesModule } from '../messages/index.js';
import { SessionsModule } from '../sessions/index.js';
import { WhatsAppController } from './http/whatsapp.controller.js';
import { WhatsAppService } from './whatsapp.service.js';

@Module({
  imports: [SessionsModule, MessagesModule],
  controllers: [WhatsAppController],
  providers: [WhatsAppService],
  exports: [WhatsAppService],
})
export class WhatsAppModule {}
