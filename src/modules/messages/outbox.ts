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
import { NOTHING_TAKEN, QuotaExceededError, type QuotaTaken, SendLimits } from '../limits/index.js';
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
import { AcceptanceUnknownError } from './message.errors.js';
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
  /** What is left of the quotas that it counts for. */
  readonly quotas: readonly Verdict[];
}

/** The statement is one round trip: a second one may be under way while the first commits, if there is enough for it. */
const BATCH = { maxItems: 256, maxConcurrent: 2, worthwhile: 32 };
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

type Stored = Omit<AcceptedMessage, 'quotas'>;

const toStored = (message: NewMessage, row: AcceptanceRow, leavesAt: Date | null): Stored => {
  const { id, sessionId, to, status, delayMs } = message;
  const estimatedSendAt = leavesAt !== null && leavesAt > row.acceptedAt ? leavesAt : row.acceptedAt;
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
    private readonly limits: SendLimits,
    @Inject(Checkpoints) private readonly checkpoints: Checkpoints,
  ) {}

  async accept(command: SendMessage, principal: Principal, once: SendOnce | null): Promise<AcceptedMessage> {
    const prepared = await this.preparation.prepare(command, principal);
    const message = toNewMessage(prepared, principal, null);
    const claim = once && { ...once, principal: `${principal.kind}:${principal.id}` };
    const taken = await this.takeQuotas(prepared, principal, claim);
    const { status, scheduledAt, delayMs } = message;
    // Asked for before it is stored: it is not to be waited for by itself.
    const leavesAt = status === 'QUEUED' ? await this.limits.pacer.estimate(prepared.session, delayMs) : scheduledAt;
    const row = await this.storeOne({ message, claim, audit: this.entryFor(message, principal.name) }, taken);
    if (claim !== null && row.bodyHash !== null && row.bodyHash !== claim.bodyHash)
      throw new IdempotencyKeyReusedError();
    if (row.isOptedOut) throw new RecipientOptedOutError();
    const { verdicts: quotas } = taken;
    if (!row.isFresh) return { ...(await this.findFirst(message, row)), quotas };
    return { ...toStored(message, row, leavesAt), quotas };
  }

  /**
   * Accepts a whole set in a transaction of the caller, who writes the one audit entry: all of it is on disk or nothing.
   * A recipient who wants no messages is left out; the answer has one entry an item, in order, null for those.
   */
  async acceptAll(
    messages: readonly PreparedMessage[],
    { principal, batchId }: { readonly principal: Principal; readonly batchId: string },
    tx: Transaction,
  ): Promise<readonly (Stored | null)[]> {
    const [first] = messages;
    if (first === undefined) return [];
    const taken = await this.limits.quotas.take(principal, first.session, messages.length);
    try {
      const accepted = await this.insertAll(messages, { principal, batchId }, tx);
      const left = accepted.filter((one) => one === null).length;
      if (left > 0) await taken.giveBack(left);
      const sessionIds = new Set(messages.map(({ session }) => session.id));
      tx.afterCommit(() => {
        for (const sessionId of sessionIds) {
          this.limits.pacer.noteMany(sessionId);
          this.dispatcher.wake(sessionId);
        }
      });
      return accepted;
    } catch (error) {
      await taken.giveBack(messages.length);
      throw error;
    }
  }

  private async insertAll(
    messages: readonly PreparedMessage[],
    { principal, batchId }: { readonly principal: Principal; readonly batchId: string },
    tx: Transaction,
  ): Promise<readonly (Stored | null)[]> {
    const accepted: (Stored | null)[] = [];
    for (let from = 0; from < messages.length; from += SET) {
      const items = messages
        .slice(from, from + SET)
        .map((prepared) => ({ message: toNewMessage(prepared, principal, batchId), claim: null, audit: null }));
      const rows = await this.accepts.insert(items, tx.db);
      for (const [index, { message }] of items.entries()) {
        const row = rows[index];
        accepted.push(row === undefined || row.isOptedOut ? null : toStored(message, row, message.scheduledAt));
      }
    }
    return accepted;
  }

  /** A request that comes again is answered, even when the quota is used up since. */
  private async takeQuotas(
    { session }: PreparedMessage,
    principal: Principal,
    claim: IdempotencyClaim | null,
  ): Promise<QuotaTaken> {
    try {
      return await this.limits.quotas.take(principal, session, 1);
    } catch (error) {
      if (error instanceof QuotaExceededError && claim !== null && (await this.accepts.isHeld(claim)))
        return NOTHING_TAKEN;
      throw error;
    }
  }

  private async storeOne(item: Acceptance, taken: QuotaTaken): Promise<AcceptanceRow> {
    this.checkpoints.pass('K0');
    try {
      const row = await this.batcher.add(item);
      this.checkpoints.pass('K2');
      if (!row.isFresh) await taken.giveBack(1);
      return row;
    } catch (error) {
      // What may have been stored stays counted.
      if (!(error instanceof AcceptanceUnknownError)) await taken.giveBack(1);
      throw error;
    }
  }

  /** What was answered to the first request with this key. */
  private async findFirst(message: NewMessage, row: AcceptanceRow): Promise<Stored> {
    const delayMs = await this.accepts.findDelay(row.resource ?? message.id);
    const leavesAt = message.scheduledAt ?? new Date(row.acceptedAt.getTime() + delayMs);
    return toStored({ ...message, delayMs }, row, leavesAt);
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
