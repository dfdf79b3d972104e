import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../../generated/prisma/client.js';
import { PrismaService } from '../../../platform/prisma/prisma.service.js';

/** A message that may be found. */
export interface SearchableMessage {
  readonly id: string;
  readonly text: string;
  readonly createdAt: Date;
  readonly seq: bigint;
  /** It came long after it was written. */
  readonly isLate: boolean;
}

/** What a search may go by: the text as it is compared, and what its message keeps for ever. */
export interface IndexedMessage {
  readonly text: string;
  readonly sessionId: string;
  readonly to: string | null;
  readonly type: string;
  readonly batchId: string | null;
}

export interface PendingTexts {
  readonly messageIds: readonly string[];
  /** Blocks that have lost a text. */
  readonly blockIds: readonly number[];
}

export interface OpenBlock {
  readonly id: number;
  readonly texts: number;
  readonly characters: number;
}

const LATE_AFTER_MINUTES = 10;
/** Any number that no other lock has. */
const LOCK = 7_264_110;

/** Writes what searches read. All but the first are parts of one transaction, which one process has at a time. */
@Injectable()
export class SearchIndexRepository {
  constructor(private readonly prisma: PrismaService) {}

  async hasPending(): Promise<boolean> {
    const rows = await this.prisma.$queryRaw<unknown[]>`SELECT 1 FROM message_text_pending LIMIT 1`;
    return rows.length > 0;
  }

  /** False while another process is at it. */
  async lock(db: Prisma.TransactionClient): Promise<boolean> {
    const [row] = await db.$queryRaw<{ ok: boolean }[]>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS ok`;
    return row?.ok ?? false;
  }

  async take(limit: number, db: Prisma.TransactionClient): Promise<PendingTexts> {
    const rows = await db.$queryRaw<{ message_id: string | null; block_id: number | null }[]>`
      DELETE FROM message_text_pending WHERE id = ANY(ARRAY(
        SELECT id FROM message_text_pending ORDER BY id LIMIT ${limit})) RETURNING message_id, block_id`;
    return {
      messageIds: [...new Set(rows.flatMap(({ message_id }) => message_id ?? []))],
      blockIds: [...new Set(rows.flatMap(({ block_id }) => block_id ?? []))],
    };
  }

  /** Those of them that may be found, in the order of the log. */
  findSearchable(ids: readonly string[], db: Prisma.TransactionClient): Promise<readonly SearchableMessage[]> {
    return db.$queryRaw`
      SELECT id, text, created_at AS "createdAt", seq,
        created_at < now() - ${LATE_AFTER_MINUTES} * interval '1 minute' AS "isLate"
      FROM message WHERE id = ANY(${[...ids]}::text[]) AND text IS NOT NULL AND revoked_at IS NULL
      ORDER BY created_at, seq`;
  }

  /** Answers the blocks that the texts of these messages were in. */
  async remove(ids: readonly string[], db: Prisma.TransactionClient): Promise<readonly number[]> {
    const rows = await db.$queryRaw<{ block_id: number }[]>`
      DELETE FROM message_text WHERE message_id = ANY(${[...ids]}::text[]) RETURNING block_id`;
    return [...new Set(rows.map(({ block_id }) => block_id))];
  }

  /** The block that texts are added to; it is made when there is none. */
  async openBlock(isLate: boolean, db: Prisma.TransactionClient): Promise<OpenBlock> {
    const [known] = await db.$queryRaw<OpenBlock[]>`
      SELECT id, (SELECT count(*)::int FROM message_text WHERE block_id = block.id) AS texts,
        (SELECT coalesce(sum(length(text)), 0)::int FROM message_text WHERE block_id = block.id) AS characters
      FROM message_text_block AS block WHERE keys IS NULL AND is_late = ${isLate} LIMIT 1`;
    if (known) return known;
    const [made] = await db.$queryRaw<{ id: number }[]>`
      INSERT INTO message_text_block (is_late) VALUES (${isLate}) RETURNING id`;
    if (!made) throw new Error('A block was not made.');
    return { id: made.id, texts: 0, characters: 0 };
  }

  async add(blockId: number, messages: readonly SearchableMessage[], db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`
      INSERT INTO message_text (message_id, block_id, created_at, seq, text)
      SELECT id, ${blockId}::int, at, seq, text FROM unnest(${messages.map(({ id }) => id)}::text[],
        ${messages.map(({ createdAt }) => createdAt)}::timestamptz[], ${messages.map(({ seq }) => seq)}::bigint[],
        ${messages.map(({ text }) => text)}::text[]) AS list(id, at, seq, text)`;
  }

  /** Of these, those to which no text is added any more. */
  async findClosed(ids: readonly number[], db: Prisma.TransactionClient): Promise<readonly number[]> {
    const rows = await db.$queryRaw<{ id: number }[]>`
      SELECT id FROM message_text_block WHERE id = ANY(${[...ids]}::int[]) AND keys IS NOT NULL`;
    return rows.map(({ id }) => id);
  }

  findInBlock(blockId: number, db: Prisma.TransactionClient): Promise<readonly IndexedMessage[]> {
    return db.$queryRaw`
      SELECT known.text, session_id AS "sessionId", recipient AS "to", type, batch_id AS "batchId"
      FROM message_text AS known JOIN message ON message.id = known.message_id WHERE block_id = ${blockId}`;
  }

  /** From now on its texts are found by these keys. */
  async close(blockId: number, keys: readonly number[], db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`
      UPDATE message_text_block SET keys = ${[...keys]}::int[], from_at = times.from_at, to_at = times.to_at
      FROM (SELECT min(created_at) AS from_at, max(created_at) AS to_at FROM message_text
        WHERE block_id = ${blockId}) AS times WHERE id = ${blockId}`;
  }

  async drop(blockId: number, db: Prisma.TransactionClient): Promise<void> {
    await db.messageTextBlock.delete({ where: { id: blockId } });
  }
}
