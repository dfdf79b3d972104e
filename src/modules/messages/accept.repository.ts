import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import type { Recipient } from '../../kernel/recipient.js';
import { isAnswerLost, isDatabaseAway, isDuplicate } from '../../platform/prisma/prisma-errors.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { OnUncertain } from './domain/message.js';
import type { StoredContent } from './domain/message-content.js';
import { AcceptanceUnknownError } from './message.errors.js';

/** When it is looked whether a statement whose answer was lost has stored anything. */
const SETTLE_AFTER_MS = [50, 250, 1000, 2000];

/** How long a key is remembered. */
const KEY_LIFE_HOURS = 72;

export interface NewMessage extends StoredContent {
  readonly id: string;
  readonly sessionId: string;
  readonly to: Recipient;
  readonly onUncertain: OnUncertain;
  readonly priority: number;
  /** The pause that pacing puts before it, in milliseconds. */
  readonly delayMs: number;
  readonly scheduledAt: Date | null;
  readonly expiresAt: Date | null;
  readonly batchId: string | null;
  readonly status: 'SCHEDULED' | 'QUEUED';
  readonly requestId: string | null;
  readonly actor: { readonly kind: string; readonly id: string };
}

/** The key of a request: whose it is, for which route, and the hash of the body that it stands for. */
export interface IdempotencyClaim {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
}

export interface Acceptance {
  readonly message: NewMessage;
  readonly claim: IdempotencyClaim | null;
  /** The entry of the audit trail, as `AuditTrail.prepare` gives it; null when the whole set has one of its own. */
  readonly audit: string | null;
}

/** Who holds the key: this message when it is fresh, else an earlier one with the hash of its body. */
export interface AcceptanceRow {
  readonly isFresh: boolean;
  /** The recipient wants no messages: nothing was stored. */
  readonly isOptedOut: boolean;
  readonly resource: string | null;
  readonly bodyHash: string | null;
  /** The first time that it was. */
  readonly acceptedAt: Date;
}

/** Accepting, in one statement: keys, messages, their timelines and audit entries are stored together or not at all. */
@Injectable()
export class AcceptRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** One row an item, in order. Rejects with `AcceptanceUnknownError` when nobody can say whether it was stored. */
  async store(items: readonly Acceptance[]): Promise<readonly AcceptanceRow[]> {
    try {
      return await this.insert(items, this.prisma);
    } catch (error) {
      if (!isAnswerLost(error)) throw error;
      return this.settle(items);
    }
  }

  /** Whether an earlier request has this key. */
  async isHeld({ principal, route, key }: IdempotencyClaim): Promise<boolean> {
    const rows = await this.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM idempotency_key WHERE principal = ${principal} AND route = ${route} AND key = ${key}
        AND created_at >= now() - ${KEY_LIFE_HOURS} * interval '1 hour'`;
    return rows.length > 0;
  }

  /** The pause of a message that was accepted before; 0 when it is gone. */
  async findDelay(id: string): Promise<number> {
    const message = await this.prisma.message.findUnique({ where: { id }, select: { delayMs: true } });
    return message?.delayMs ?? 0;
  }

  /** The connection broke while the statement was under way: it may have committed, and may even be running still. */
  private async settle(items: readonly Acceptance[]): Promise<readonly AcceptanceRow[]> {
    for (const waitMs of SETTLE_AFTER_MS) {
      await sleep(waitMs);
      try {
        return await this.storeRest(items);
      } catch (error) {
        // Taken ids: the first statement was still running, and has committed meanwhile. It is found at the next look.
        if (!isAnswerLost(error) && !isDatabaseAway(error) && !isDuplicate(error)) throw error;
      }
    }
    throw new AcceptanceUnknownError();
  }

  /**
   * The ids are ours, so that of two statements with the same ones only one can commit: the second waits for the first
   * and fails at them.
   */
  private async storeRest(items: readonly Acceptance[]): Promise<readonly AcceptanceRow[]> {
    const stored = await this.findStored(items);
    const rest = items.filter(({ message }) => !stored.has(message.id));
    const rows = rest.length === 0 ? [] : await this.insert(rest, this.prisma);
    const byId = new Map(rest.map(({ message }, index) => [message.id, rows[index]]));
    return items.map(
      ({ message, claim }) =>
        byId.get(message.id) ?? {
          isFresh: true,
          isOptedOut: false,
          resource: claim && message.id,
          bodyHash: claim?.bodyHash ?? null,
          acceptedAt: stored.get(message.id) ?? new Date(),
        },
    );
  }

  private async findStored(items: readonly Acceptance[]): Promise<ReadonlyMap<string, Date>> {
    const ids = items.map(({ message }) => message.id);
    const rows = await this.prisma.message.findMany({
      where: { id: { in: ids } },
      select: { id: true, createdAt: true },
    });
    return new Map(rows.map(({ id, createdAt }) => [id, createdAt]));
  }

  /**
   * One row an item, in order, as part of a transaction. A key whose life is over is taken like a free one; a recipient
   * who wants no messages takes no key, and a key that an earlier message holds answers for it all the same.
   */
  insert(items: readonly Acceptance[], db: Prisma.TransactionClient): Promise<readonly AcceptanceRow[]> {
    return db.$queryRaw`
      WITH listed AS (
        SELECT place, e->'message' AS m, e->'claim' AS c, e->'audit' AS a
        FROM jsonb_array_elements(${JSON.stringify(items)}::jsonb) WITH ORDINALITY AS list(e, place)
      ), given AS (
        SELECT place, m, c, a, EXISTS (SELECT FROM opt_out
          WHERE phone = m->>'to' AND session_id IN ('', m->>'sessionId')) AS is_opted_out FROM listed
      ), held AS (
        INSERT INTO idempotency_key AS held (principal, route, key, body_hash, status, resource)
        SELECT DISTINCT ON (c->>'principal', c->>'route', c->>'key')
          c->>'principal', c->>'route', c->>'key', c->>'bodyHash', 202, m->>'id' FROM given
        WHERE c->>'key' IS NOT NULL AND NOT is_opted_out ORDER BY c->>'principal', c->>'route', c->>'key', place
        ON CONFLICT (principal, route, key) DO UPDATE SET (body_hash, resource, created_at) = (
          SELECT fate.body_hash, fate.resource, fate.created_at FROM (VALUES
            (true, EXCLUDED.body_hash, EXCLUDED.resource, EXCLUDED.created_at),
            (false, held.body_hash, held.resource, held.created_at)
          ) AS fate(is_over, body_hash, resource, created_at)
          WHERE fate.is_over = (held.created_at < now() - ${KEY_LIFE_HOURS} * interval '1 hour'))
        RETURNING principal, route, key, body_hash, resource, created_at
      ), known AS (
        SELECT * FROM held UNION ALL
        SELECT principal, route, key, body_hash, resource, created_at FROM idempotency_key AS old
        WHERE (principal, route, key) IN (SELECT c->>'principal', c->>'route', c->>'key' FROM given WHERE is_opted_out)
          AND created_at >= now() - ${KEY_LIFE_HOURS} * interval '1 hour'
      ), outcome AS (
        SELECT place, m, a, known.body_hash, known.resource, is_opted_out,
          NOT is_opted_out AND coalesce(known.resource = m->>'id', true) AS is_fresh,
          coalesce(known.created_at, now()) AS accepted_at FROM given LEFT JOIN known ON known.principal = c->>'principal' AND known.route = c->>'route' AND known.key = c->>'key'
      ), stored AS (
        INSERT INTO message (id, session_id, direction, type, status, recipient, text, content, media_id, target_id,
          batch_id, priority, delay_ms, due_at, scheduled_at, expires_at, on_uncertain, request_id, actor_kind, actor_id)
        SELECT m->>'id', m->>'sessionId', 'OUTBOUND', m->>'type', m->>'status', m->>'to', m->>'text',
          nullif(m->'content', 'null'), m->>'mediaId', m->>'targetId', m->>'batchId', (m->>'priority')::int,
          (m->>'delayMs')::int, coalesce((m->>'scheduledAt')::timestamptz, now()), (m->>'scheduledAt')::timestamptz,
          (m->>'expiresAt')::timestamptz, m->>'onUncertain', m->>'requestId', m->'actor'->>'kind', m->'actor'->>'id'
        FROM outcome WHERE is_fresh ORDER BY place RETURNING id
      ), told AS (
        INSERT INTO message_timeline (message_id, status, by)
        SELECT m->>'id', m->>'status', m->'actor'->>'id' FROM outcome WHERE is_fresh ORDER BY place RETURNING message_id
      ), acts AS (
        -- Counted, so that both are stored before the chain is locked: what waits for the lock is only what needs it.
        SELECT jsonb_agg(a ORDER BY place) FILTER (WHERE a <> 'null') AS entries FROM outcome WHERE is_fresh
        HAVING (SELECT count(*) FROM stored) = (SELECT count(*) FROM told)
      )
      SELECT is_fresh AS "isFresh", is_opted_out AND resource IS NULL AS "isOptedOut", resource,
        body_hash AS "bodyHash", accepted_at AS "acceptedAt",
        (SELECT audit_append(entries)::text FROM acts WHERE entries IS NOT NULL) AS audited
      FROM outcome ORDER BY place`;
  }
}
