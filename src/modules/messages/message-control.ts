import { Injectable } from '@nestjs/common';

import { Transactions } from '../../platform/prisma/transactions.js';
import type { Principal } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { Dispatcher } from './dispatcher.js';
import type { Message } from './domain/message.js';
import type { StatusChange } from './domain/message-status.js';
import { MessageLog } from './message-log.js';
import { MessageStateError } from './message.errors.js';
import { StatusWriter } from './status-writer.js';

const CANCELLED: StatusChange = {
  kind: 'given-up',
  status: 'CANCELLED',
  code: 'cancelled',
  detail: 'Somebody has cancelled it.',
  isClaimed: false,
};

const OVER = 'tried again: the time at which it expires is over; send it anew';

/** What people decide about messages that are in the log already. */
@Injectable()
export class MessageControl {
  constructor(
    private readonly log: MessageLog,
    private readonly status: StatusWriter,
    private readonly dispatcher: Dispatcher,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  /** Keeps what still waits from being sent; throws when it is under way or further. */
  cancel(messageId: string, principal: Principal): Promise<Message> {
    return this.decide(messageId, principal, { change: CANCELLED, action: 'messages.cancel', done: 'cancelled' });
  }

  /**
   * One more try of what has failed or was cancelled, or of whose fate nobody knows; at its scheduled time when that is
   * still to come. Throws when it has expired.
   */
  async retry(messageId: string, principal: Principal): Promise<Message> {
    const { expiresAt, scheduledAt, status } = await this.log.get(principal, messageId);
    const now = new Date();
    // It would only expire once more.
    if (expiresAt !== null && expiresAt <= now) throw new MessageStateError(messageId, status, OVER);
    const change = { kind: 'retried' as const, isLater: scheduledAt !== null && scheduledAt > now };
    const act = { change, action: 'messages.retry', done: 'tried again' };
    const message = await this.decide(messageId, principal, act);
    this.dispatcher.wake(message.sessionId);
    return message;
  }

  private async decide(
    messageId: string,
    principal: Principal,
    act: { readonly change: StatusChange; readonly action: string; readonly done: string },
  ): Promise<Message> {
    const message = await this.log.get(principal, messageId);
    await this.transactions.run(async (tx) => {
      const steps = await this.status.decide([{ messageId, change: act.change, by: principal.id }], tx);
      if (steps.length === 0) {
        const { status } = await this.log.get(principal, messageId);
        throw new MessageStateError(messageId, status, act.done);
      }
      const detail = { sessionId: message.sessionId, from: message.status };
      await this.audit.record(tx, { action: act.action, target: messageId, detail });
    });
    return this.log.get(principal, messageId);
  }
}
