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
  /** Stores each once; answers the ids of those that were new. */
  async insert(messages: readonly NewInbound[], db: Prisma.TransactionClient): Promise<ReadonlySet<string>> {
    const rows = JSON.stringify(
      messages.map(({ id, sessionId, message }) => ({ id, sessionId, ...message, at: message.at.toISOString() })),
    );
    const stored = await db.$queryRaw<{ id: string }[]>`
      WITH stored AS (
        INSERT INTO message (id, session_id, direction, type, status, sender, recipient, text, provider_message_id,
          created_at)
        SELECT m->>'id', m->>'sessionId', 'INBOUND', m->>'type', 'RECEIVED', m->>'from', m->>'to', m->>'text',
          m->>'providerMessageId', (m->>'at')::timestamptz
        FROM jsonb_array_elements(${rows}::jsonb) WITH ORDINALITY AS list(m, place) ORDER BY place
        ON CONFLICT (session_id, provider_message_id) DO NOTHING
        RETURNING id
      ), told AS (
        INSERT INTO message_timeline (message_id, status) SELECT id, 'RECEIVED' FROM stored
      )
      SELECT id FROM stored`;
    return new Set(stored.map(({ id }) => id));
  }
}
