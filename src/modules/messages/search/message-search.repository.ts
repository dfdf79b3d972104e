import { Injectable } from '@nestjs/common';

import { Prisma } from '../../../generated/prisma/client.js';
import { PrismaService } from '../../../platform/prisma/prisma.service.js';
import { keyOfMark, keysOfSearch, wordsOf } from '../domain/search-text.js';
import {
  isEqual,
  type MessageFilters,
  type PageOptions,
  type PlacedMessage,
  windowOf,
} from '../message-history.repository.js';

/** Where the reading of blocks goes on: they are read from the one with the latest text on. */
export interface BlockPlace {
  readonly toAt: Date;
  readonly id: number;
}

export interface FoundInBlocks {
  readonly messages: readonly PlacedMessage[];
  readonly blocks: number;
  /** The last block that was read; null when there was none. */
  readonly last: BlockPlace | null;
}

/** Open blocks come first: nobody knows yet how late their last text will be. */
export const FIRST_BLOCK: BlockPlace = { toAt: new Date('9999-12-31T23:59:59Z'), id: 2 ** 31 - 1 };

interface Row {
  readonly block: number;
  readonly to_at: Date;
  readonly id: string | null;
  readonly created_at: Date;
  readonly seq: bigint;
}

/** What a block does not say, as calls of functions: texts are read first, and only then their messages. */
const conditionsOf = (sessionIds: readonly string[] | undefined, filters: MessageFilters): Prisma.Sql => {
  const { direction, status, type, from, to, batchId } = filters;
  const given = { direction, status, type, sender: from, recipient: to, batch_id: batchId };
  const conditions = Object.entries(given).flatMap(([column, value]) => isEqual(column, value));
  if (sessionIds !== undefined) {
    conditions.push(Prisma.sql`array_position(${[...sessionIds]}::text[], message.session_id) IS NOT NULL`);
  }
  return conditions.length === 0 ? Prisma.empty : Prisma.sql`AND ${Prisma.join(conditions, ' AND ')}`;
};

/** The next blocks that may hold what is looked for, and what they hold of it. */
export const searchOf = (
  sessionIds: readonly string[] | undefined,
  { q = '', ...filters }: MessageFilters,
  page: PageOptions,
  { after, blocks }: { readonly after: BlockPlace; readonly blocks: number },
): Prisma.Sql => {
  const { since, before, limit } = windowOf(filters, page);
  const words = wordsOf(q);
  const isOne = sessionIds?.length === 1;
  const { to, type, batchId } = filters;
  const keys = keysOfSearch(words, { sessionId: isOne ? sessionIds[0] : undefined, to, type, batchId });
  const ofAny = sessionIds === undefined || isOne ? null : sessionIds.map((id) => keyOfMark('sessionId', id));
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/gu, '\\$&')}%`);
  return Prisma.sql`
    WITH candidate AS MATERIALIZED (
      SELECT id, coalesce(from_at, '-infinity') AS from_at, coalesce(to_at, ${FIRST_BLOCK.toAt}::timestamptz) AS to_at
      FROM message_text_blocks(${[...keys]}::int[], ${ofAny}::int[])
    ), next AS MATERIALIZED (
      SELECT id, to_at FROM candidate
      WHERE (to_at, id) < (${after.toAt}::timestamptz, ${after.id}::int)
        AND from_at <= ${before.createdAt}::timestamptz AND to_at >= ${since}::timestamptz
      ORDER BY to_at DESC, id DESC LIMIT ${blocks}
    )
    SELECT next.id AS block, next.to_at, hit.* FROM next LEFT JOIN LATERAL (
      SELECT message.id, message.created_at, message.seq FROM (
        SELECT message_id FROM message_text WHERE block_id = next.id AND text LIKE ALL (${patterns}::text[])
          AND (created_at, seq) < (${before.createdAt}::timestamptz, ${before.seq}::bigint)
          AND created_at >= ${since}::timestamptz OFFSET 0
      ) AS known JOIN message ON message.id = known.message_id
      WHERE message.revoked_at IS NULL ${conditionsOf(sessionIds, filters)}
      ORDER BY message.created_at DESC, message.seq DESC LIMIT ${limit}
    ) AS hit ON true ORDER BY next.to_at DESC, next.id DESC`;
};

/** Reads the blocks of texts. `sessionIds` is what the caller may see: undefined for every session. */
@Injectable()
export class MessageSearchRepository {
  constructor(private readonly prisma: PrismaService) {}

  async find(
    sessionIds: readonly string[] | undefined,
    filters: MessageFilters,
    page: PageOptions,
    where: { readonly after: BlockPlace; readonly blocks: number },
  ): Promise<FoundInBlocks> {
    const rows = await this.prisma.$queryRaw<Row[]>(searchOf(sessionIds, filters, page, where));
    const last = rows.at(-1);
    return {
      messages: rows.flatMap(({ id, created_at, seq }) => (id === null ? [] : [{ id, createdAt: created_at, seq }])),
      blocks: new Set(rows.map(({ block }) => block)).size,
      last: last === undefined ? null : { toAt: last.to_at, id: last.block },
    };
  }
}
