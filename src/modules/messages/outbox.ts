import { Inject, Injectable } from '@nestjs/common';

import { newId } from '../../kernel/ids.js';
import { parsePhoneNumber, type PhoneNumber } from '../../kernel/phone-number.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { IdempotencyKeyReusedError } from '../../platform/http/idempotency/idempotency.errors.js';
import { currentRequest } from '../../platform/http/request-context.js';
import { Checkpoints } from '../../platform/lifecycle/checkpoints.js';
import type { Principal } from '../access/index.js';
import { SessionDirectory } from '../sessions/index.js';
import { Dispatcher } from './dispatcher.js';
import type { OnUncertain } from './domain/message.js';
import { InvalidPhoneNumberError } from './message.errors.js';
import { type Acceptance, type AcceptanceOutcome, OutboxRecords } from './outbox-records.js';

export interface SendTextMessage {
  readonly sessionId: string;
  readonly to: string;
  readonly text: string;
  readonly onUncertain: OnUncertain;
}

/** The key that the sender gave, and the text of the body that it stands for. */
export interface SendOnce {
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
}

export interface AcceptedMessage {
  readonly id: string;
  readonly sessionId: string;
  readonly to: PhoneNumber;
  readonly estimatedSendAt: Date;
  readonly delayMs: number;
  /** The same key had been accepted before; this is that message. */
  readonly isReplay: boolean;
}

/** Accepts messages: what it has answered is on disk. Requests of the same few milliseconds share one transaction. */
@Injectable()
export class Outbox {
  private readonly batcher = new Batcher<Acceptance, AcceptanceOutcome>((items) => this.store(items));

  constructor(
    private readonly sessions: SessionDirectory,
    private readonly records: OutboxRecords,
    private readonly dispatcher: Dispatcher,
    @Inject(Checkpoints) private readonly checkpoints: Checkpoints,
  ) {}

  async accept(command: SendTextMessage, principal: Principal, once: SendOnce | null): Promise<AcceptedMessage> {
    const to = parsePhoneNumber(command.to);
    if (to === null) throw new InvalidPhoneNumberError();
    await this.sessions.requireCapability(command.sessionId, principal, 'text');
    const { kind, id, name } = principal;
    const actor = { kind, id, name };
    const requestId = currentRequest()?.requestId ?? null;
    const message = { ...command, id: newId('msg'), type: 'text' as const, to, requestId, actor: { kind, id } };
    this.checkpoints.pass('K0');
    const claim = once && { ...once, principal: `${kind}:${id}`, resource: message.id };
    const outcome = await this.batcher.add({ message, actor, claim });
    this.checkpoints.pass('K2');
    if (outcome === 'key-reused') throw new IdempotencyKeyReusedError();
    const { sessionId } = command;
    return { ...outcome, sessionId, to, estimatedSendAt: new Date(), delayMs: 0 };
  }

  private async store(items: readonly Acceptance[]): Promise<readonly AcceptanceOutcome[]> {
    const outcomes = await this.records.store(items);
    for (const sessionId of new Set(items.map(({ message }) => message.sessionId))) this.dispatcher.wake(sessionId);
    return outcomes;
  }
}
