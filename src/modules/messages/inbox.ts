import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';

import { backoffDelay } from '../../kernel/backoff.js';
import { newId } from '../../kernel/ids.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { DatabaseUnavailableError } from '../../platform/prisma/database.errors.js';
import type { Ack, InboundChange, InboundMessage } from '../engines/index.js';
import { type MessageReceiver, SessionSupervisor } from '../sessions/index.js';
import type { StatusChange } from './domain/message-status.js';
import { Gaps } from './gaps.js';
import { InboundChanges } from './inbound-changes.js';
import { InboundStore } from './inbound-store.js';
import type { NewInbound } from './inbox.repository.js';
import { StatusWriter } from './status-writer.js';

const RETRY = { baseMs: 200, maxMs: 5000, factor: 2 };

/** Failures of the message itself, not of a database that is away. */
const MAX_FAILURES = 5;

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
  private readonly batcher = new Batcher<NewInbound, undefined>((items) => this.inbound.store(items));

  constructor(
    private readonly inbound: InboundStore,
    private readonly changes: InboundChanges,
    private readonly gaps: Gaps,
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

  async received(sessionId: string, message: InboundMessage): Promise<void> {
    const item = { id: newId('msg'), sessionId, message };
    // One that the database does not take must not hold up the others of its batch: it is tried by itself.
    await this.persist(sessionId, async (failures) => {
      await (failures === 0 ? this.batcher.add(item) : this.inbound.store([item]));
    });
  }

  async acked(sessionId: string, ack: Ack): Promise<void> {
    const { providerMessageId, sent, at } = ack;
    const target = { sessionId, providerMessageId, ...(sent !== undefined && { sent }) };
    const change = { target, change: toChange(ack), at };
    await this.status.persist(change, this.patience.signal);
  }

  changed(sessionId: string, change: InboundChange): Promise<void> {
    return this.persist(sessionId, () => this.changes.store(sessionId, change));
  }

  caughtUp(sessionId: string): Promise<void> {
    return this.persist(sessionId, () => this.gaps.close(sessionId));
  }

  /** Tries again while the database is away: the provider may not tell it twice. */
  private async persist(sessionId: string, store: (failures: number) => Promise<void>): Promise<void> {
    let failures = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await store(failures);
        return;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError)) failures += 1;
        if (this.lifecycle.isDraining || failures > MAX_FAILURES) throw error;
        this.logger.warn({ err: error, sessionId, attempt }, 'a report could not be stored and is tried again');
        await new Promise((resolve) => setTimeout(resolve, backoffDelay(RETRY, attempt)));
      }
    }
  }
}
