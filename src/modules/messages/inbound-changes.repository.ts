import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';

export interface MessageKey {
  readonly sessionId: string;
  readonly providerMessageId: string;
}

export interface EditedMessage {
  readonly id: string;
  readonly writtenBy: string | null;
}

/** Writes down what became of messages after they were written. Each answers our id, or null when nothing is new. */
@Injectable()
export class InboundChangesRepository {
  /** Who wrote it comes along when it is a contact who wrote to us alone. */
  async edit(key: MessageKey, text: string, at: Date, db: Prisma.TransactionClient): Promise<EditedMessage | null> {
    const [row] = await db.$queryRaw<EditedMessage[]>`
      UPDATE message SET text = ${text}, edited_at = ${at}
      WHERE session_id = ${key.sessionId} AND provider_message_id = ${key.providerMessageId}
        AND text IS DISTINCT FROM ${text} AND (edited_at IS NULL OR edited_at <= ${at}) AND revoked_at IS NULL
      RETURNING id, CASE WHEN direction = 'INBOUND' AND group_id IS NULL THEN sender END AS "writtenBy"`;
    return row ?? null;
  }

  async revoke(key: MessageKey, at: Date, db: Prisma.TransactionClient): Promise<string | null> {
    const [row] = await db.$queryRaw<{ id: string }[]>`
      UPDATE message SET revoked_at = ${at}
      WHERE session_id = ${key.sessionId} AND provider_message_id = ${key.providerMessageId} AND revoked_at IS NULL
      RETURNING id`;
    return row?.id ?? null;
  }

  async react(
    key: MessageKey,
    reaction: { readonly from: string; readonly emoji: string; readonly at: Date },
    db: Prisma.TransactionClient,
  ): Promise<string | null> {
    const { from, emoji, at } = reaction;
    const [row] = await db.$queryRaw<{ message_id: string }[]>`
      INSERT INTO message_reaction AS known (message_id, sender, emoji, at)
      SELECT id, ${from}, ${emoji}, ${at} FROM message
      WHERE session_id = ${key.sessionId} AND provider_message_id = ${key.providerMessageId} FOR KEY SHARE
      ON CONFLICT (message_id, sender) DO UPDATE SET emoji = EXCLUDED.emoji, at = EXCLUDED.at
        WHERE known.emoji <> EXCLUDED.emoji AND known.at <= EXCLUDED.at
      RETURNING message_id`;
    return row?.message_id ?? null;
  }
}
