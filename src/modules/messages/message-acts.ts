import { Injectable } from '@nestjs/common';

import type { Principal } from '../access/index.js';
import type { MessageContent } from './domain/message-content.js';
import { chatOf } from './domain/message-target.js';
import { MessageLog } from './message-log.js';
import { TargetUnsuitableError } from './message.errors.js';
import { type AcceptedMessage, Outbox, type SendOnce } from './outbox.js';

export type MessageAct =
  | { readonly type: 'edit'; readonly text: string }
  | { readonly type: 'revoke' }
  | { readonly type: 'forward'; readonly to: string };

/** Edits, revocations and forwards: messages about messages, which go the way of all messages. */
@Injectable()
export class MessageActs {
  constructor(
    private readonly log: MessageLog,
    private readonly outbox: Outbox,
  ) {}

  async act(
    targetId: string,
    act: MessageAct,
    { principal, once }: { readonly principal: Principal; readonly once: SendOnce | null },
  ): Promise<AcceptedMessage> {
    const target = await this.log.get(principal, targetId);
    const to = act.type === 'forward' ? act.to : chatOf(target);
    if (to === null) throw new TargetUnsuitableError(targetId, 'Nobody knows with whom it was exchanged.');
    const content: MessageContent =
      act.type === 'edit' ? { type: 'edit', targetId, text: act.text } : { type: act.type, targetId };
    return this.outbox.accept({ sessionId: target.sessionId, to, content, onUncertain: 'hold' }, principal, once);
  }
}
