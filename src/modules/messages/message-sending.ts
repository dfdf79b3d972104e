import { Injectable } from '@nestjs/common';

import type { Principal } from '../access/index.js';
import type { NextState } from './domain/message-status.js';
import { MessageLog } from './message-log.js';
import { MessageNotSentYetError, MessageSendFailedError } from './message.errors.js';
import type { SendMessage } from './message-preparation.js';
import { type AcceptedMessage, Outbox, type SendOnce } from './outbox.js';
import { SendWaiters } from './send-waiters.js';

/** How long a request waits for its message to be sent. */
const SENT_WAIT_MS = 30_000;
/** How often it looks meanwhile: the process that owns the session may be another one, and tells nobody here. */
const LOOK_INTERVAL_MS = 1000;
const SENT = new Set(['SENT', 'UNCONFIRMED', 'DELIVERED', 'READ', 'PLAYED']);
const WAITING = new Set(['SCHEDULED', 'QUEUED', 'SENDING']);

/** Sends, and waits for what became of it. */
@Injectable()
export class MessageSending {
  constructor(
    private readonly outbox: Outbox,
    private readonly waiters: SendWaiters,
    private readonly log: MessageLog,
  ) {}

  /** Where the message stands when it has been sent or failed, or after 30 s. */
  async settled(accepted: AcceptedMessage, principal: Principal): Promise<NextState> {
    const deadline = performance.now() + SENT_WAIT_MS;
    for (;;) {
      const listening = this.waiters.listen(accepted.id);
      try {
        // It may have been sent before anybody listened, and a repeat of an old request asks for one long sent.
        const now = await this.stateOf(accepted, principal);
        const leftMs = deadline - performance.now();
        if (!WAITING.has(now.status) || leftMs <= 0) return now;
        const told = await listening.within(Math.min(LOOK_INTERVAL_MS, leftMs));
        if (told !== null) return told;
      } finally {
        listening.end();
      }
    }
  }

  /** Resolves when the provider has the message; throws when it failed, or when nobody can say in time. */
  async sendNow(command: SendMessage, principal: Principal, once: SendOnce | null): Promise<AcceptedMessage> {
    const accepted = await this.outbox.accept(command, principal, once);
    const { status, error } = await this.settled(accepted, principal);
    if (SENT.has(status)) return accepted;
    if (status === 'FAILED') {
      throw new MessageSendFailedError(accepted.id, error ?? { code: 'failed', detail: null });
    }
    throw new MessageNotSentYetError(accepted.id, status);
  }

  private async stateOf({ id }: AcceptedMessage, principal: Principal): Promise<NextState> {
    const { status, error } = await this.log.get(principal, id);
    return { status, error: error && { code: error.code, detail: error.detail ?? '' }, reason: null };
  }
}
