import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import type { InboundMessage } from '../engines/index.js';

export interface NewInbound {
  readonly id: string;
  readonly sessionId: string;
  readonly message: InboundMessage;
}

/** Messages that came in. */
@Injectable()
export class InboxRepository {
  /** Stores each once; answers the ids of those that were new, with that of the message which each answers. */
  async insert(
    messages: readonly NewInbound[],
    db: Prisma.TransactionClient,
  ): Promise<ReadonlyMap<string, string | null>> {
    const rows = JSON.stringify(
      messages.map(({ id, sessionId, message }) => ({ id, sessionId, ...message, at: message.at.toISOString() })),
    );
    const stored = await db.$queryRaw<{ id: string; target_id: string | null }[]>`
      WITH stored AS (
        INSERT INTO message (id, session_id, direction, type, status, sender, recipient, group_id, text, content,
          media_status, target_id, provider_message_id, created_at)
        SELECT m->>'id', m->>'sessionId', 'INBOUND', m->>'type', 'RECEIVED', m->>'from', m->>'to', m->>'group',
          m->>'text', nullif(m->'content', 'null'), CASE WHEN m->'media' <> 'null' THEN 'PENDING' END,
          (SELECT target.id FROM message AS target WHERE target.session_id = m->>'sessionId'
            AND target.provider_message_id = m->>'quotedProviderMessageId'),
          m->>'providerMessageId', (m->>'at')::timestamptz
        FROM jsonb_array_elements(${rows}::jsonb) WITH ORDINALITY AS list(m, place) ORDER BY place
        ON CONFLICT (session_id, provider_message_id) DO NOTHING
        RETURNING id, target_id
      ), told AS (
        INSERT INTO message_timeline (message_id, status) SELECT id, 'RECEIVED' FROM stored
      )
      SELECT id, target_id FROM stored`;
    return new Map(stored.map(({ id, target_id }) => [id, target_id]));
  }
}
