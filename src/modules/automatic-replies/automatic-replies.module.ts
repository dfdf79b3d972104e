import { Module } from '@nestjs/common';

import { MessagesModule } from '../messages/index.js';
import { SessionsModule } from '../sessions/index.js';
import { AutoReplyRepository } from './auto-reply.repository.js';
import { AutomaticReplies } from './automatic-replies.js';
import { ReplyChoice } from './reply-choice.js';
import { ReplyRetention } from './reply-retention.js';

@Module({
  imports: [MessagesModule, SessionsModule],
  providers: [AutoReplyRepository, AutomaticReplies, ReplyChoice, ReplyRetention],
})
export class AutomaticRepliesModule {}
