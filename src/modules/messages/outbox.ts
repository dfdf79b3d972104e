import { Inject, Injectable } from '@nestjs/common';

import { newId } from '../../kernel/ids.js';
import { maskPhoneNumber, parsePhoneNumber, type PhoneNumber } from '../../kernel/phone-number.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { IdempotencyKeyReusedError } from '../../platform/http/idempotency/idempotency.errors.js';
import { currentRequest } from '../../platform/http/request-context.js';
import { Checkpoints } from '../../platform/lifecycle/checkpoints.js';
import type { Principal } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { SessionDirectory } from '../sessions/index.js';
import {
  type Acceptance,
  type AcceptanceRow,
  AcceptRepository,
  type IdempotencyClaim,
  type NewMessage,
} from './accept.repository.js';
import { Dispatcher } from './dispatcher.js';
import type { OnUncertain } from './domain/message.js';
import { isMessageText, MAX_TEXT_LENGTH } from './domain/message-text.js';
import { InvalidMessageTextError, InvalidPhoneNumberError } from './message.errors.js';

export interface SendTextMessage {
  readonly sessionId: string;
  readonly to: string;
  readonly text: string;
  readonly onUncertain: OnUncertain;
}

/** The key that the sender gave, and the hash of the body that it stands for. */
export type SendOnce = Omit<IdempotencyClaim, 'principal'>;

export interface AcceptedMessage {
  readonly id: string;
  readonly sessionId: string;
  readonly to: PhoneNumber;
  readonly estimatedSendAt: Date;
  readonly delayMs: number;
  /** The same key had been accepted before; this is that message. */
  readonly isReplay: boolean;
}

/** The statement is one round trip: a second one may be under way while the first commits. */
const BATCH = { maxItems: 256, maxConcurrent: 2 };

/** Accepts messages: what it has answered is on disk. Requests of the same few milliseconds share one transaction. */
@Injectable()
export class Outbox {
  private readonly batcher = new Batcher<Acceptance, AcceptanceRow>((items) => this.store(items), BATCH);

  constructor(
    private readonly sessions: SessionDirectory,
    private readonly accepts: AcceptRepository,
    private readonly audit: AuditTrail,
    private readonly dispatcher: Dispatcher,
    @Inject(Checkpoints) private readonly checkpoints: Checkpoints,
  ) {}

  async accept(command: SendTextMessage, principal: Principal, once: SendOnce | null): Promise<AcceptedMessage> {
    const to = parsePhoneNumber(command.to);
    if (to === null) throw new InvalidPhoneNumberError();
    // Services come here without the checks of a request, and one bad text would spoil the batch of everybody.
    if (!isMessageText(command.text)) throw new InvalidMessageTextError(MAX_TEXT_LENGTH);
    await this.sessions.require(command.sessionId, principal, ['text']);
    const { kind, id: actorId, name } = principal;
    const { sessionId, text, onUncertain } = command;
    const requestId = currentRequest()?.requestId ?? null;
    const id = newId('msg');
    const message: NewMessage = {
      ...{ id, sessionId, type: 'text', to, text, onUncertain, requestId },
      actor: { kind, id: actorId },
    };
    const claim = once && { ...once, principal: `${kind}:${actorId}` };
    this.checkpoints.pass('K0');
    const row = await this.batcher.add({ message, claim, audit: this.entryFor(message, name) });
    this.checkpoints.pass('K2');
    if (claim !== null && row.bodyHash !== claim.bodyHash) throw new IdempotencyKeyReusedError();
    const isReplay = !row.isFresh;
    return { id: row.resource ?? id, sessionId, to, estimatedSendAt: row.acceptedAt, delayMs: 0, isReplay };
  }

  private async store(items: readonly Acceptance[]): Promise<readonly AcceptanceRow[]> {
    const storing = this.accepts.store(items);
    this.checkpoints.pass('K1');
    const rows = await storing;
    for (const sessionId of new Set(items.map(({ message }) => message.sessionId))) this.dispatcher.wake(sessionId);
    return rows;
  }

  private entryFor({ id, actor, sessionId, to, type }: NewMessage, name: string): string {
    return this.audit.prepare({
      action: 'messages.send',
      target: id,
      actor: { ...actor, name },
      detail: { sessionId, to: maskPhoneNumber(to), type },
    });
  }
}
