import { Injectable } from '@nestjs/common';

import type { Recipient } from '../../kernel/recipient.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import { claimByLane, claimFirst, type ClaimOptions, seenBy } from './outbox-claim.repository.js';

export interface ClaimedMessage {
  readonly id: string;
  readonly to: Recipient;
  /** Tries before this one. */
  readonly attempts: number;
}

export interface RegisteredAttempt {
  readonly messageId: string;
  readonly attempt: number;
}

export interface OpenClaim {
  readonly id: string;
  readonly attempts: number;
  readonly openAttempt: number | null;
}

export interface LeftBehind {
  readonly messageId: string;
  /** The try whose outcome nobody wrote down; null when none had begun. */
  readonly attempt: number | null;
  /** The id under which the provider would know that try. */
  readonly providerMessageId: string | null;
  readonly attempts: number;
}

interface ClaimRow {
  readonly id: string;
  readonly seq: bigint;
  readonly recipient: string;
  readonly attempts: number;
  readonly priority: number;
}

/** A claim that took nothing answers one row all the same, without a message. */
const isTaken = ({ id }: { readonly id: string | null }): boolean => id !== null;

const byUrgency = (a: ClaimRow, b: ClaimRow): number => b.priority - a.priority || (a.seq < b.seq ? -1 : 1);

/** The rows that are to be sent. All of it works on sets: one statement, whatever the number of messages. */
@Injectable()
export class OutboxRepository {
  /** The recipient of each session at which the last look along the recipients stopped. */
  private readonly lanes = new Map<string, string>();

  constructor(private readonly prisma: PrismaService) {}

  /**
   * Takes what is due, the first of each recipient only: what goes to one recipient leaves in the order in which it was
   * accepted, and between recipients the more urgent comes first. Claims nothing when the lease has gone to another
   * process. Where the front of the queue waits for its recipients, those are gone through instead, a bounded number a
   * claim (ADR 0081).
   */
  async claim(sessionId: string, fence: bigint, limit: number): Promise<readonly ClaimedMessage[]> {
    const rows = await this.prisma.$queryRaw<(ClaimRow & { readonly seen: number })[]>(
      claimFirst({ sessionId, fence, limit }),
    );
    const claimed: ClaimRow[] = rows.filter(isTaken);
    const isFrontBlocked = claimed.length < limit && (rows[0]?.seen ?? 0) >= seenBy(limit);
    if (isFrontBlocked) claimed.push(...(await this.claimByLane({ sessionId, fence, limit: limit - claimed.length })));
    return claimed.sort(byUrgency).map(({ id, recipient, attempts }) => ({ id, to: recipient as Recipient, attempts }));
  }

  /** Goes on where the last look stopped, so that recipients who wait do not hide those behind them. */
  private async claimByLane(options: ClaimOptions): Promise<readonly ClaimRow[]> {
    const after = this.lanes.get(options.sessionId) ?? '';
    const rows = await this.prisma.$queryRaw<(ClaimRow & { readonly stoppedAt: string | null })[]>(
      claimByLane(options, after),
    );
    const stoppedAt = rows[0]?.stoppedAt ?? '';
    this.lanes.set(options.sessionId, stoppedAt);
    const taken = rows.filter(isTaken);
    // The end was reached from somewhere in the middle: what stands before it has not been looked at.
    if (taken.length > 0 || after === '' || stoppedAt !== '') return taken;
    return this.claimByLane(options);
  }

  /** Writes down that each of these is about to be handed to the engine, under the id that the provider will see. */
  async beginAttempts(
    fence: bigint,
    messages: readonly { readonly id: string; readonly providerMessageId: string | null }[],
  ): Promise<readonly RegisteredAttempt[]> {
    const rows = await this.prisma.$queryRaw<{ id: string; attempts: number }[]>`
      WITH given AS (
        SELECT m->>'id' AS id, m->>'providerMessageId' AS provider_message_id
        FROM jsonb_array_elements(${JSON.stringify(messages)}::jsonb) AS list(m)
      ), begun AS (
        UPDATE message SET attempts = attempts + 1,
          sender = (SELECT phone FROM session WHERE session.id = message.session_id),
          provider_message_id = coalesce(given.provider_message_id, message.provider_message_id)
        FROM given WHERE message.id = given.id AND status = 'SENDING' AND claim_fence = ${fence}
        RETURNING message.id, attempts, given.provider_message_id
      ), written AS (
        INSERT INTO message_attempt (message_id, number, fence, provider_message_id)
        SELECT id, attempts, ${fence}, provider_message_id FROM begun
      ), told AS (
        INSERT INTO message_timeline (message_id, status, attempt) SELECT id, 'SENDING', attempts FROM begun
      )
      SELECT id, attempts FROM begun`;
    return rows.map(({ id, attempts }) => ({ messageId: id, attempt: attempts }));
  }

  /** Gives back what was claimed and has not been tried since. */
  async release(fence: bigint, messages: readonly { readonly id: string; readonly attempts: number }[]): Promise<void> {
    await this.prisma.$executeRaw`
      UPDATE message SET status = 'QUEUED', claim_fence = NULL
      FROM unnest(${messages.map(({ id }) => id)}::text[], ${messages.map(({ attempts }) => attempts)}::int[])
        AS given(id, attempts)
      WHERE message.id = given.id AND message.attempts = given.attempts AND status = 'SENDING'
        AND claim_fence = ${fence}`;
  }

  /** What this owner has claimed, with the try that stands open. */
  async findClaimed(sessionId: string, fence: bigint): Promise<readonly OpenClaim[]> {
    return this.prisma.$queryRaw`
      SELECT message.id, message.attempts, attempt.number AS "openAttempt" FROM message
      LEFT JOIN message_attempt AS attempt ON attempt.message_id = message.id
        AND attempt.number = message.attempts AND attempt.finished_at IS NULL
      WHERE message.session_id = ${sessionId} AND message.status = 'SENDING' AND message.claim_fence = ${fence}`;
  }

  /** What an earlier owner of the session had claimed when it died. */
  async findLeftBehind(sessionId: string, fence: bigint, limit: number): Promise<readonly LeftBehind[]> {
    return this.prisma.$queryRaw<LeftBehind[]>`
      SELECT message.id AS "messageId", attempt.number AS attempt, message.attempts,
        attempt.provider_message_id AS "providerMessageId"
      FROM message
      LEFT JOIN message_attempt AS attempt ON attempt.message_id = message.id
        AND attempt.number = message.attempts AND attempt.fence = message.claim_fence
        AND attempt.finished_at IS NULL
      WHERE message.session_id = ${sessionId} AND message.status = 'SENDING'
        AND message.claim_fence IS DISTINCT FROM ${fence}
      ORDER BY message.seq LIMIT ${limit}`;
  }

  /**
   * Gives back what an earlier owner had claimed and not tried. That owner may only have been slow: what it has begun to
   * try since it was looked at stays, and what is given back here it cannot begin any more.
   */
  async requeue(fence: bigint, messages: readonly Omit<LeftBehind, 'providerMessageId'>[]): Promise<void> {
    await this.prisma.$executeRaw`
      UPDATE message SET status = 'QUEUED', claim_fence = NULL
      FROM unnest(${messages.map(({ messageId }) => messageId)}::text[],
        ${messages.map(({ attempts }) => attempts)}::int[]) AS given(id, attempts)
      WHERE message.id = given.id AND message.attempts = given.attempts AND status = 'SENDING'
        AND claim_fence IS DISTINCT FROM ${fence}`;
  }

  /** Messages of whose fate nobody knows, with the id under which the provider would know them. */
  async findUncertain(
    sessionId: string,
    limit: number,
  ): Promise<readonly { readonly messageId: string; readonly providerMessageId: string }[]> {
    return this.prisma.$queryRaw`
      SELECT id AS "messageId", provider_message_id AS "providerMessageId" FROM message
      WHERE session_id = ${sessionId} AND status = 'UNCERTAIN' AND provider_message_id IS NOT NULL
      ORDER BY seq DESC LIMIT ${limit}`;
  }

  /** Queued rows by session, for metrics and for the start of the senders. */
  async countQueued(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.prisma.$queryRaw<{ session_id: string; n: number }[]>`
      SELECT session_id, count(*)::int AS n FROM message WHERE status = 'QUEUED' GROUP BY session_id`;
    return new Map(rows.map(({ session_id, n }) => [session_id, n]));
  }
}
