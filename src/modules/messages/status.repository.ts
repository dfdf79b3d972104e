import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { SentTry } from '../engines/index.js';
import type { OnUncertain } from './domain/message.js';
import type { MessageStatus, NextState } from './domain/message-status.js';

/** The outcome of a try that never began: it is none of those that a message has. */
const NOT_STARTED = 'NOT_STARTED';

/** A locked outbound message, as far as its status goes. */
export interface LockedMessage {
  readonly id: string;
  readonly sessionId: string;
  readonly status: MessageStatus;
  readonly attempts: number;
  readonly notStarted: number;
  readonly isTryOpen: boolean;
  readonly onUncertain: OnUncertain;
  readonly errorCode: string | null;
  readonly to: string;
  readonly providerMessageId: string | null;
}

export interface ProviderKey {
  readonly sessionId: string;
  readonly providerMessageId: string;
}

/** Whose id it is: the message, and the try where it is known. */
export interface ProviderKeyOwner {
  readonly messageId: string;
  readonly attempt: number | null;
  /** The provider's id was not known before. */
  readonly isLearned?: boolean;
}

/** A provider's id of which it said under which try of ours it took the message. */
interface NamedKey extends ProviderKey {
  readonly sent: SentTry;
}

export interface StatusStep {
  readonly messageId: string;
  readonly next: NextState;
  readonly at: Date;
  readonly attempt: number | null;
  /** The try never began. */
  readonly isNotStarted: boolean;
  /** With QUEUED: how long to wait before the next try. */
  readonly retryInMs: number;
  /** With an engine that gives ids itself: the id that it gave. */
  readonly providerMessageId: string | null;
  /** Who decided it, when no try did. */
  readonly by: string | null;
}

export interface ParkedStatus extends ProviderKey {
  readonly status: 'SENT' | 'DELIVERED' | 'READ' | 'PLAYED' | 'FAILED';
  readonly at: Date;
}

/** Statuses of outbound messages, in sets. */
@Injectable()
export class StatusRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Which message, and which of its tries, each provider id belongs to. */
  async findByProviderKeys(
    keys: readonly ProviderKey[],
    db: Prisma.TransactionClient,
  ): Promise<ReadonlyMap<string, ProviderKeyOwner>> {
    const rows = await db.$queryRaw<(ProviderKey & ProviderKeyOwner)[]>`
      SELECT message.session_id AS "sessionId", attempt.provider_message_id AS "providerMessageId",
        attempt.message_id AS "messageId", attempt.number AS attempt
      FROM unnest(${keys.map((k) => k.sessionId)}::text[], ${keys.map((k) => k.providerMessageId)}::text[]) AS key(s, p)
      JOIN message_attempt AS attempt ON attempt.provider_message_id = key.p
      JOIN message ON message.id = attempt.message_id AND message.session_id = key.s`;
    return new Map(rows.map((row) => [`${row.sessionId}\n${row.providerMessageId}`, row]));
  }

  /** The same for ids that never reached us, by the try that the provider names; it must be one of that session. */
  async findByTries(
    keys: readonly NamedKey[],
    db: Prisma.TransactionClient,
  ): Promise<ReadonlyMap<string, ProviderKeyOwner>> {
    const rows = await db.$queryRaw<(ProviderKey & ProviderKeyOwner)[]>`
      SELECT message.session_id AS "sessionId", key.p AS "providerMessageId",
        attempt.message_id AS "messageId", attempt.number AS attempt, true AS "isLearned"
      FROM unnest(${keys.map((k) => k.sessionId)}::text[], ${keys.map((k) => k.providerMessageId)}::text[],
        ${keys.map((k) => k.sent.messageId)}::text[], ${keys.map((k) => k.sent.attempt)}::int[]) AS key(s, p, m, n)
      JOIN message ON message.id = key.m AND message.session_id = key.s
      JOIN message_attempt AS attempt ON attempt.message_id = key.m AND attempt.number = key.n
      WHERE attempt.provider_message_id IS NULL`;
    return new Map(rows.map((row) => [`${row.sessionId}\n${row.providerMessageId}`, row]));
  }

  /** Locks in the order of the ids, so that two writers never wait for each other in a circle. */
  async lock(ids: readonly string[], db: Prisma.TransactionClient): Promise<ReadonlyMap<string, LockedMessage>> {
    const rows = await db.$queryRaw<LockedMessage[]>`
      SELECT id, session_id AS "sessionId", status, attempts, on_uncertain AS "onUncertain",
        CASE WHEN attempts > 1 THEN (SELECT count(*)::int FROM message_attempt AS attempt
          WHERE attempt.message_id = message.id AND attempt.outcome = ${NOT_STARTED}) ELSE 0 END AS "notStarted",
        status = 'SENDING' AND EXISTS (SELECT FROM message_attempt AS attempt WHERE attempt.message_id = message.id
          AND attempt.number = message.attempts AND attempt.finished_at IS NULL) AS "isTryOpen",
        error_code AS "errorCode", recipient AS "to", provider_message_id AS "providerMessageId"
      FROM message WHERE id = ANY(${[...ids]}::text[]) ORDER BY id FOR UPDATE`;
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Applies the steps in order; a message may take several in one set. */
  async write(steps: readonly StatusStep[], db: Prisma.TransactionClient): Promise<void> {
    const rows = JSON.stringify(
      steps.map(({ messageId, next, at, attempt, retryInMs, providerMessageId, by }) => ({
        id: messageId,
        status: next.status,
        reason: next.reason,
        code: next.error?.code ?? null,
        detail: next.error?.detail ?? null,
        at: at.toISOString(),
        attempt,
        retryInMs,
        pid: providerMessageId,
        by,
      })),
    );
    await db.$executeRaw`
      WITH step AS (
        SELECT place, s->>'id' AS id, s->>'status' AS status, s->>'code' AS code, s->>'detail' AS detail,
          (s->>'at')::timestamptz AS at, (s->>'retryInMs')::int AS retry_in_ms, s->>'pid' AS pid
        FROM jsonb_array_elements(${rows}::jsonb) WITH ORDINALITY AS list(s, place)
      ), last AS (
        SELECT DISTINCT ON (id) id, status, code, detail, retry_in_ms FROM step ORDER BY id, place DESC
      ), times AS (
        SELECT id, min(at) FILTER (WHERE status IN ('SENT', 'DELIVERED', 'READ', 'PLAYED')) AS sent_at,
          min(at) FILTER (WHERE status IN ('DELIVERED', 'READ', 'PLAYED')) AS delivered_at,
          min(at) FILTER (WHERE status IN ('READ', 'PLAYED')) AS read_at, max(pid) AS pid
        FROM step GROUP BY id
      )
      UPDATE message SET status = last.status, error_code = last.code, error_detail = last.detail,
        claim_fence = NULL, due_at = CASE WHEN last.status = 'QUEUED'
          THEN now() + last.retry_in_ms * interval '1 millisecond' ELSE due_at END,
        sent_at = coalesce(message.sent_at, times.sent_at),
        delivered_at = coalesce(message.delivered_at, times.delivered_at),
        read_at = coalesce(message.read_at, times.read_at),
        provider_message_id = coalesce(times.pid, message.provider_message_id)
      FROM last JOIN times USING (id) WHERE message.id = last.id`;
    await this.writeTimeline(rows, db);
  }

  /** Closes the tries that these steps are about, with the provider's id where it became known only now. */
  async closeAttempts(steps: readonly StatusStep[], db: Prisma.TransactionClient): Promise<void> {
    const about = steps.filter(({ attempt }) => attempt !== null);
    if (about.length === 0) return;
    await db.$executeRaw`
      UPDATE message_attempt AS attempt SET finished_at = now(), outcome = done.status,
        provider_message_id = coalesce(done.pid, attempt.provider_message_id)
      FROM unnest(${about.map((s) => s.messageId)}::text[], ${about.map((s) => s.attempt)}::int[],
        ${about.map((s) => (s.isNotStarted ? NOT_STARTED : s.next.status))}::text[], ${about.map((s) => s.providerMessageId)}::text[])
        AS done(id, number, status, pid)
      WHERE attempt.message_id = done.id AND attempt.number = done.number`;
  }

  /** Keeps statuses of messages that are not known yet. */
  async park(statuses: readonly ParkedStatus[], db: Prisma.TransactionClient): Promise<void> {
    await db.parkedAck.createMany({ data: statuses.map((status) => ({ ...status })), skipDuplicates: true });
  }

  /** Takes out what was parked for these ids. */
  async unpark(keys: readonly ProviderKey[], db: Prisma.TransactionClient): Promise<readonly ParkedStatus[]> {
    return db.$queryRaw`
      DELETE FROM parked_ack USING
        unnest(${keys.map((k) => k.sessionId)}::text[], ${keys.map((k) => k.providerMessageId)}::text[]) AS key(s, p)
      WHERE session_id = key.s AND provider_message_id = key.p
      RETURNING session_id AS "sessionId", provider_message_id AS "providerMessageId", status, at`;
  }

  /** Answers how many were forgotten. */
  async forgetParked(olderThanHours: number): Promise<number> {
    return this.prisma.$executeRaw`
      DELETE FROM parked_ack WHERE parked_at < now() - ${olderThanHours} * interval '1 hour'`;
  }

  private async writeTimeline(rows: string, db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`
      INSERT INTO message_timeline (message_id, at, status, reason, attempt, by)
      SELECT s->>'id', (s->>'at')::timestamptz, s->>'status', coalesce(s->>'detail', s->>'reason'),
        (s->>'attempt')::int, s->>'by'
      FROM jsonb_array_elements(${rows}::jsonb) WITH ORDINALITY AS list(s, place) ORDER BY place`;
  }
}
