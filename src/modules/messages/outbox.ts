import { Inject, Injectable } from '@nestjs/common';

import { newId } from '../../kernel/ids.js';
import { maskPhoneNumber } from '../../kernel/phone-number.js';
import type { Recipient } from '../../kernel/recipient.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { IdempotencyKeyReusedError } from '../../platform/http/idempotency/idempotency.errors.js';
import type { Verdict } from '../../platform/http/throttle/rate-limit.js';
import { currentRequest } from '../../platform/http/request-context.js';
import { Checkpoints } from '../../platform/lifecycle/checkpoints.js';
import type { Transaction } from '../../platform/prisma/transactions.js';
import type { Principal } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { Pacer } from '../limits/index.js';
import { RecipientOptedOutError } from '../opt-outs/index.js';
import {
  type Acceptance,
  type AcceptanceRow,
  AcceptRepository,
  type IdempotencyClaim,
  type NewMessage,
} from './accept.repository.js';
import { Dispatcher } from './dispatcher.js';
import { storeContent } from './domain/message-content.js';
import { MessagePreparation, type PreparedMessage, type SendMessage } from './message-preparation.js';

/** The key that the sender gave, and the hash of the body that it stands for. */
export type SendOnce = Omit<IdempotencyClaim, 'principal'>;

export interface AcceptedMessage {
  readonly id: string;
  readonly sessionId: string;
  readonly to: Recipient;
  readonly status: 'SCHEDULED' | 'QUEUED';
  readonly estimatedSendAt: Date;
  readonly delayMs: number;
  /** The same key had been accepted before; this is that message. */
  readonly isReplay: boolean;
  /** What is left of the quota of whoever sends; absent without one. */
  readonly quota?: Verdict | null;
}

/** The statement is one round trip: a second one may be under way while the first commits. */
const BATCH = { maxItems: 256, maxConcurrent: 2 };
/** Messages of a bulk that one statement takes. */
const SET = 1000;

const timesOf = (command: SendMessage): Pick<NewMessage, 'status' | 'scheduledAt' | 'expiresAt'> => {
  const { scheduledAt, expiresAt } = command;
  const isLater = scheduledAt !== undefined && scheduledAt.getTime() > Date.now();
  return {
    status: isLater ? 'SCHEDULED' : 'QUEUED',
    scheduledAt: isLater ? scheduledAt : null,
    expiresAt: expiresAt ?? null,
  };
};

const toNewMessage = (prepared: PreparedMessage, { kind, id }: Principal, batchId: string | null): NewMessage => {
  const { command, session, to, delayMs } = prepared;
  const { priority = 0, onUncertain, replyTo = null } = command;
  const content = storeContent(command.content);
  return {
    ...content,
    ...timesOf(command),
    ...{ id: newId('msg'), sessionId: session.id, to, onUncertain, priority, batchId, delayMs },
    targetId: content.targetId ?? replyTo,
    requestId: currentRequest()?.requestId ?? null,
    actor: { kind, id },
  };
};

const toAccepted = (message: NewMessage, row: AcceptanceRow, leavesAt: Date): AcceptedMessage => {
  const { id, sessionId, to, status, scheduledAt, delayMs } = message;
  const estimatedSendAt = scheduledAt ?? (leavesAt > row.acceptedAt ? leavesAt : row.acceptedAt);
  return { id: row.resource ?? id, sessionId, to, status, estimatedSendAt, delayMs, isReplay: !row.isFresh };
};

/** Accepts messages: what it has answered is on disk. Requests of the same few milliseconds share one transaction. */
@Injectable()
export class Outbox {
  private readonly batcher = new Batcher<Acceptance, AcceptanceRow>((items) => this.store(items), BATCH);

  constructor(
    private readonly preparation: MessagePreparation,
    private readonly accepts: AcceptRepository,
    private readonly audit: AuditTrail,
    private readonly dispatcher: Dispatcher,
    private readonly pacer: Pacer,
    @Inject(Checkpoints) private readonly checkpoints: Checkpoints,
  ) {}

  async accept(command: SendMessage, principal: Principal, once: SendOnce | null): Promise<AcceptedMessage> {
    const prepared = await this.preparation.prepare(command, principal);
    const message = toNewMessage(prepared, principal, null);
    const claim = once && { ...once, principal: `${principal.kind}:${principal.id}` };
    this.checkpoints.pass('K0');
    const row = await this.batcher.add({ message, claim, audit: this.entryFor(message, principal.name) });
    this.checkpoints.pass('K2');
    if (claim !== null && row.bodyHash !== null && row.bodyHash !== claim.bodyHash)
      throw new IdempotencyKeyReusedError();
    if (row.isOptedOut) throw new RecipientOptedOutError();
    return {
      ...toAccepted(message, row, await this.pacer.estimate(prepared.session, message.delayMs)),
      quota: prepared.quota,
    };
  }

  /**
   * Accepts a whole set in a transaction of the caller, who writes the one audit entry: all of it is on disk or nothing.
   * A recipient who wants no messages is left out; the answer has one entry an item, in order, null for those.
   */
  async acceptAll(
    messages: readonly PreparedMessage[],
    { principal, batchId }: { readonly principal: Principal; readonly batchId: string },
    tx: Transaction,
  ): Promise<readonly (AcceptedMessage | null)[]> {
    const accepted: (AcceptedMessage | null)[] = [];
    for (let from = 0; from < messages.length; from += SET) {
      const items = messages
        .slice(from, from + SET)
        .map((prepared) => ({ message: toNewMessage(prepared, principal, batchId), claim: null, audit: null }));
      const rows = await this.accepts.insert(items, tx.db);
      for (const [index, { message }] of items.entries()) {
        const row = rows[index];
        accepted.push(row === undefined || row.isOptedOut ? null : toAccepted(message, row, row.acceptedAt));
      }
    }
    const sessionIds = new Set(messages.map(({ session }) => session.id));
    tx.afterCommit(() => {
      for (const sessionId of sessionIds) this.dispatcher.wake(sessionId);
    });
    return accepted;
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
