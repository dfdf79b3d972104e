import { Injectable } from '@nestjs/common';

import type { PhoneNumber } from '../../kernel/phone-number.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { OnUncertain } from './domain/message.js';

/** How long a key is remembered. */
const KEY_LIFE_HOURS = 72;

export interface NewMessage {
  readonly id: string;
  readonly sessionId: string;
  readonly type: 'text';
  readonly to: PhoneNumber;
  readonly text: string;
  readonly onUncertain: OnUncertain;
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
  /** The entry of the audit trail, as `AuditTrail.prepare` gives it. */
  readonly audit: object;
}

/** Who holds the key: this message when it is fresh, else an earlier one with the hash of its body. */
export interface AcceptanceRow {
  readonly isFresh: boolean;
  readonly resource: string | null;
  readonly bodyHash: string | null;
}

/** Accepting, in one statement: keys, messages, their timelines and audit entries are stored together or not at all. */
@Injectable()
export class AcceptRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** One row an item, in order. A key whose life is over is taken like a free one. */
  async store(items: readonly Acceptance[]): Promise<readonly AcceptanceRow[]> {
    return this.prisma.$queryRaw`
      WITH given AS (
        SELECT place, e->'message' AS m, e->'claim' AS c, e->'audit' AS a
        FROM jsonb_array_elements(${JSON.stringify(items)}::jsonb) WITH ORDINALITY AS list(e, place)
      ), held AS (
        INSERT INTO idempotency_key AS held (principal, route, key, body_hash, status, resource)
        SELECT DISTINCT ON (c->>'principal', c->>'route', c->>'key')
          c->>'principal', c->>'route', c->>'key', c->>'bodyHash', 202, m->>'id'
        FROM given WHERE c->>'key' IS NOT NULL
        ORDER BY c->>'principal', c->>'route', c->>'key', place
        ON CONFLICT (principal, route, key) DO UPDATE SET (body_hash, resource, created_at) = (
          SELECT fate.body_hash, fate.resource, fate.created_at FROM (VALUES
            (true, EXCLUDED.body_hash, EXCLUDED.resource, EXCLUDED.created_at),
            (false, held.body_hash, held.resource, held.created_at)
          ) AS fate(is_over, body_hash, resource, created_at)
          WHERE fate.is_over = (held.created_at < now() - ${KEY_LIFE_HOURS} * interval '1 hour'))
        RETURNING principal, route, key, body_hash, resource
      ), outcome AS (
        SELECT place, m, a, held.body_hash, held.resource, coalesce(held.resource = m->>'id', true) AS is_fresh
        FROM given LEFT JOIN held
          ON held.principal = c->>'principal' AND held.route = c->>'route' AND held.key = c->>'key'
      ), stored AS (
        INSERT INTO message (id, session_id, direction, type, status, recipient, text, on_uncertain, request_id,
          actor_kind, actor_id)
        SELECT m->>'id', m->>'sessionId', 'OUTBOUND', m->>'type', 'QUEUED', m->>'to', m->>'text', m->>'onUncertain',
          m->>'requestId', m->'actor'->>'kind', m->'actor'->>'id'
        FROM outcome WHERE is_fresh ORDER BY place
      ), told AS (
        INSERT INTO message_timeline (message_id, status, by)
        SELECT m->>'id', 'QUEUED', m->'actor'->>'id' FROM outcome WHERE is_fresh ORDER BY place
      ), acts AS (
        SELECT jsonb_agg(a ORDER BY place) AS entries FROM outcome WHERE is_fresh
      )
      SELECT is_fresh AS "isFresh", resource, body_hash AS "bodyHash",
        (SELECT audit_append(entries)::text FROM acts WHERE entries IS NOT NULL) AS audited
      FROM outcome ORDER BY place`;
  }
}
