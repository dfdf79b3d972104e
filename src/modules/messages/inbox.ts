import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { backoffDelay } from '../../kernel/backoff.js';
import { newId } from '../../kernel/ids.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { DatabaseUnavailableError } from '../../platform/prisma/database.errors.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import type { Ack, InboundMessage } from '../engines/index.js';
import { type MessageReceiver, SessionSupervisor } from '../sessions/index.js';
import { MessageReceived } from './domain/message.events.js';
import type { StatusChange } from './domain/message-status.js';
import { toStorableText } from './domain/message-text.js';
import { InboxRepository, type NewInbound } from './inbox.repository.js';
import { StatusWriter } from './status-writer.js';

const RETRY = { baseMs: 200, maxMs: 5000, factor: 2 };

/** Failures of the message itself, not of a database that is away. */
const MAX_FAILURES = 5;

/** Whoever writes to us chooses the text: what cannot be stored must not keep the message from being stored. */
const toStorable = (message: InboundMessage): InboundMessage => ({
  ...message,
  from: toStorableText(message.from),
  to: message.to === null ? null : toStorableText(message.to),
  text: message.text === null ? null : toStorableText(message.text),
});

const toChange = ({ level, error }: Ack): StatusChange =>
  level === 'FAILED'
    ? {
        kind: 'failed',
        attempt: null,
        code: error?.code ?? 'failed-at-provider',
        detail: error?.detail ?? 'The provider reported a failure.',
      }
    : { kind: 'reached', level };

/** Takes in what the engines report about messages: each is stored once, however often it is told. */
@Injectable()
export class Inbox implements MessageReceiver, OnModuleInit {
  private readonly logger = new Logger(Inbox.name);
  private readonly patience = new AbortController();
  private readonly batcher = new Batcher<NewInbound, undefined>((items) => this.store(items));

  constructor(
    private readonly messages: InboxRepository,
    private readonly transactions: Transactions,
    private readonly status: StatusWriter,
    private readonly supervisor: SessionSupervisor,
    private readonly lifecycle: Lifecycle,
  ) {}

  onModuleInit(): void {
    // Without the database an acknowledgement would be tried for ever, and the engine that reported it never close.
    this.lifecycle.onDrain('work', 'inbox', () => {
      this.patience.abort();
      return Promise.resolve();
    });
    this.supervisor.deliverTo(this);
  }

  /** Tries again while the database is away: the provider may not tell it twice. */
  async received(sessionId: string, message: InboundMessage): Promise<void> {
    const item = { id: newId('msg'), sessionId, message: toStorable(message) };
    let failures = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        // One that the database does not take must not hold up the others of its batch: it is tried by itself.
        await (failures === 0 ? this.batcher.add(item) : this.store([item]));
        return;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError)) failures += 1;
        if (this.lifecycle.isDraining || failures > MAX_FAILURES) throw error;
        this.logger.warn(
          { err: error, sessionId, attempt },
          'an inbound message could not be stored and is tried again',
        );
        await new Promise((resolve) => setTimeout(resolve, backoffDelay(RETRY, attempt)));
      }
    }
  }

  async acked(sessionId: string, ack: Ack): Promise<void> {
    const { providerMessageId, at } = ack;
    const change = { target: { sessionId, providerMessageId }, change: toChange(ack), at };
    await this.status.persist(change, this.patience.signal);
  }

  changed(): Promise<void> {
    return Promise.resolve();
  }

  caughtUp(): Promise<void> {
    return Promise.resolve();
  }

  private async store(items: readonly NewInbound[]): Promise<readonly undefined[]> {
    await this.transactions.run(async (tx) => {
      const fresh = await this.messages.insert(items, tx.db);
      for (const { id, sessionId, message } of items) {
        if (!fresh.has(id)) continue;
        const { from, to, type, text, providerMessageId } = message;
        tx.record(MessageReceived, sessionId, { messageId: id, from, to, type, text, providerMessageId });
      }
    });
    return items.map(() => undefined);
  }
}
