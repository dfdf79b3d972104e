import { Injectable } from '@nestjs/common';

import { newId } from '../../kernel/ids.js';
import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { IdempotencyKeyReusedError } from '../../platform/http/idempotency/idempotency.errors.js';
import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import { type Principal, visibleSessions } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { BatchMessages, type MessageStatus, Outbox, type SendOnce } from '../messages/index.js';
import { BatchNotFoundError } from './batch.errors.js';
import { BatchPreparation, type PreparedBatch, type SendBatch } from './batch-preparation.js';
import { type BatchClaim, BatchRepository } from './batch.repository.js';
import { type Batch, type Refusal, refusedOf } from './domain/batch.js';

export interface AcceptedBatch {
  readonly batch: Batch;
  /** The same key had been accepted before; this is that batch. */
  readonly isReplay: boolean;
}

export interface BatchProgress {
  readonly batch: Batch;
  /** Its messages by the status that they have now. */
  readonly counts: ReadonlyMap<MessageStatus, number>;
}

const OPTED_OUT = { code: 'recipient-opted-out', detail: 'The recipient wants no messages.' };

/** Sends to many at once. A batch is accepted whole, with everything that belongs to it, or not at all. */
@Injectable()
export class Batches {
  constructor(
    private readonly batches: BatchRepository,
    private readonly preparation: BatchPreparation,
    private readonly outbox: Outbox,
    private readonly messages: BatchMessages,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  async send(command: SendBatch, principal: Principal, once: SendOnce | null): Promise<AcceptedBatch> {
    const claim = once && { ...once, principal: `${principal.kind}:${principal.id}` };
    const first = claim && (await this.findFirst(claim, principal));
    if (first) return first;
    const prepared = await this.preparation.prepare(command, principal);
    const batch = await this.transactions.run((tx) => this.store(prepared, { principal, claim }, tx));
    if (batch !== null) return { batch, isReplay: false };
    // Another request with this key was faster; it has committed by now.
    const other = claim && (await this.findFirst(claim, principal));
    if (!other) throw new IdempotencyKeyReusedError();
    return other;
  }

  async list(
    principal: Principal,
    filters: { readonly sessionId?: string },
    { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<Page<Batch>> {
    const before = cursor === undefined ? null : decodeCursor(cursor, filters);
    if (cursor !== undefined && before === null) {
      throw new InvalidRequestError([{ pointer: '?cursor', detail: 'cursor must be one that this list gave out' }]);
    }
    const rows = await this.batches.find(visibleSessions(principal), filters, { limit: limit + 1, before });
    return toPage(rows, limit, filters, ({ id }) => id);
  }

  /** Throws not-found also for a batch of a session that was not granted. */
  async get(principal: Principal, id: string): Promise<Batch> {
    const batch = await this.batches.findById(visibleSessions(principal), id);
    if (batch === null) throw new BatchNotFoundError(id);
    return batch;
  }

  async progress(principal: Principal, id: string): Promise<BatchProgress> {
    const batch = await this.get(principal, id);
    return { batch, counts: await this.messages.countByStatus(id) };
  }

  private async findFirst(claim: BatchClaim, principal: Principal): Promise<AcceptedBatch | null> {
    const holder = await this.batches.findHolder(claim);
    if (holder === null) return null;
    if (holder.bodyHash !== claim.bodyHash) throw new IdempotencyKeyReusedError();
    return { batch: await this.get(principal, holder.batchId ?? ''), isReplay: true };
  }

  /** Null when the key is another one's by now: then nothing is stored. */
  private async store(
    prepared: PreparedBatch,
    { principal, claim }: { readonly principal: Principal; readonly claim: BatchClaim | null },
    tx: Transaction,
  ): Promise<Batch | null> {
    const id = newId('bat');
    if (claim !== null && !(await this.batches.claim(claim, id, tx.db))) return null;
    const { sessionId, templateId, given, recipients, duplicates } = prepared;
    const messages = recipients.map(({ message }) => message);
    const outcomes = await this.outbox.acceptAll(messages, { principal, batchId: id }, tx);
    const optedOut = recipients.flatMap(({ place, written }, index): Refusal[] =>
      outcomes[index] === null ? [{ place, recipient: written, ...OPTED_OUT }] : [],
    );
    const accepted = recipients.length - optedOut.length;
    const figures = { given, accepted, duplicates: duplicates.length };
    const actor = { actorKind: principal.kind, actorId: principal.id };
    const batch = await this.batches.create({ id, sessionId, templateId, ...figures, ...actor }, tx.db);
    await this.batches.addRefusals(id, [...prepared.refusals, ...optedOut, ...duplicates], tx.db);
    const detail = { sessionId, templateId, ...figures, refused: refusedOf(batch) };
    await this.audit.record(tx, { action: 'batches.create', target: id, detail });
    return batch;
  }
}
