import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { AppError, type ErrorKind } from '../../kernel/errors/app-error.js';
import type { DomainEvent } from '../../kernel/events/event-definition.js';
import { ConsumerRunner } from '../../platform/events/consumer-runner.js';
import type { DurableConsumer } from '../../platform/events/durable-consumer.js';
import type { Transaction } from '../../platform/prisma/transactions.js';
import { systemPrincipal } from '../access/index.js';
import { MessageReceived, Outbox } from '../messages/index.js';
import { type ReceivedMessage, type Reply, ReplyChoice } from './reply-choice.js';

const SENDER = systemPrincipal('Automatic replies', ['messages:send']);
/** Keys of the replies: an inbound message has one event, and so one reply. */
const ROUTE = 'automatic-replies';
/** An answer that comes later is none. */
const LIVES_MS = 10 * 60_000;

/** The reply itself cannot be sent, and no second try would change that: the contact has opted out, a quota is used up. */
const NOT_TO_BE_SENT: ReadonlySet<ErrorKind> = new Set([
  ...(['invalid-input', 'not-found', 'conflict', 'unsupported', 'rate-limited'] as const),
]);

/** Answers by itself what contacts write, where a session is set so: once for each message, and never in a circle. */
@Injectable()
export class AutomaticReplies implements DurableConsumer, OnModuleInit {
  readonly name = 'automatic-replies';
  readonly events = [MessageReceived];
  private readonly logger = new Logger(AutomaticReplies.name);

  constructor(
    private readonly runner: ConsumerRunner,
    private readonly choice: ReplyChoice,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.runner.register(this);
  }

  async consume({ id, sessionId, data }: DomainEvent, tx: Transaction): Promise<void> {
    if (sessionId === null) return;
    const reply = await this.choice.choose(sessionId, data as ReceivedMessage, tx);
    if (reply !== null) await this.send(reply, id);
  }

  /**
   * Stored under the id of the event and outside of this transaction: should that roll back, the event comes again, finds
   * the reply, and is done.
   */
  private async send({ sessionId, to, text }: Reply, eventId: string): Promise<void> {
    const command = {
      ...{ sessionId, to, content: { type: 'text', text } as const },
      // A reply that nobody can be sure of is better missing than doubled, and nobody looks after it.
      ...{ onUncertain: 'drop' as const, expiresAt: new Date(Date.now() + LIVES_MS) },
    };
    try {
      await this.outbox.accept(command, SENDER, { route: ROUTE, key: eventId, bodyHash: eventId });
    } catch (error) {
      if (!(error instanceof AppError) || !NOT_TO_BE_SENT.has(error.kind)) throw error;
      this.logger.debug({ sessionId, eventId, code: error.code }, 'an automatic reply was not accepted');
    }
  }
}
