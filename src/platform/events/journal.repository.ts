import { Injectable } from '@nestjs/common';

import type { DomainEvent } from '../../kernel/events/event-definition.js';
import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../prisma/prisma.service.js';

/** A place in the journal: everything at or before it has been read. */
export interface JournalPosition {
  /** Id of the writing transaction (xid8), as decimal digits. */
  readonly tx: string;
  readonly seq: bigint;
}

export interface JournalEntry {
  readonly position: JournalPosition;
  readonly event: DomainEvent;
}

/** What a reader got: the entries that it wants, and how far it has looked. */
export interface JournalSlice {
  readonly entries: readonly JournalEntry[];
  /** The last place looked at, wanted or not; undefined when nothing could be read. */
  readonly through: JournalPosition | undefined;
  /** True when the limit ended the slice, not the journal. */
  readonly isFull: boolean;
}

export interface JournalQuery {
  readonly after: JournalPosition;
  /** Names of the wanted events, null for all; the others are stepped over. */
  readonly names: readonly string[] | null;
  /** Only what happened to these sessions; absent for everything. */
  readonly sessionIds?: readonly string[];
  /** How many events are looked at. */
  readonly limit: number;
}

interface JournalRow {
  readonly tx: string;
  readonly seq: bigint;
  readonly id: string;
  readonly name: string;
  readonly session_id: string | null;
  readonly occurred_at: Date;
  readonly payload: object | null;
  readonly is_wanted: boolean;
  readonly looked_at: bigint;
}

const toEntry = (row: JournalRow): JournalEntry => ({
  position: { tx: row.tx, seq: row.seq },
  event: {
    id: row.id,
    type: row.name,
    timestamp: row.occurred_at.toISOString(),
    sessionId: row.session_id,
    data: row.payload ?? {},
  },
});

/** The append-only journal of events. */
@Injectable()
export class JournalRepository {
  constructor(private readonly prisma: PrismaService) {}

  async append(events: readonly DomainEvent[], db: Prisma.TransactionClient): Promise<void> {
    const rows = events.map(({ id, type, timestamp, sessionId, data }) => ({ id, type, timestamp, sessionId, data }));
    await db.$executeRaw`
      INSERT INTO event (id, name, session_id, occurred_at, payload)
      SELECT e->>'id', e->>'type', e->>'sessionId', (e->>'timestamp')::timestamptz, e->'data'
      FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) WITH ORDINALITY AS list(e, place)
      ORDER BY place`;
  }

  /**
   * What stands after a position, oldest first. Only transactions below the oldest running one are read: a sequence
   * number is taken before the commit, so a later number may become visible first, and a cursor on numbers alone
   * would step over the earlier one.
   */
  async readAfter(
    { after, names, sessionIds, limit }: JournalQuery,
    db: Prisma.TransactionClient = this.prisma,
  ): Promise<JournalSlice> {
    // The last row comes along, wanted or not, so that the cursor moves over what nobody here wants.
    const rows = await db.$queryRaw<JournalRow[]>`
      WITH slice AS (
        SELECT event.tx, seq, id, name, session_id, occurred_at, payload, is_wanted,
          row_number() OVER (ORDER BY event.tx DESC, seq DESC) AS place_from_end, count(*) OVER () AS looked_at
        FROM (
          SELECT *, (${names === null}::boolean OR name = ANY(${[...(names ?? [])]}::text[]))
            AND (${sessionIds === undefined}::boolean OR session_id = ANY(${[...(sessionIds ?? [])]}::text[])) AS is_wanted
          FROM event
          WHERE (tx, seq) > (${after.tx}::xid8, ${after.seq}) AND tx < pg_snapshot_xmin(pg_current_snapshot())
          ORDER BY tx, seq LIMIT ${limit}
        ) AS event
      )
      SELECT tx::text, seq, id, name, session_id, occurred_at, looked_at, is_wanted,
        CASE WHEN is_wanted THEN payload END AS payload
      FROM slice WHERE is_wanted OR place_from_end = 1
      ORDER BY slice.tx, slice.seq`;
    const last = rows.at(-1);
    return {
      entries: rows.filter((row) => row.is_wanted).map(toEntry),
      through: last && { tx: last.tx, seq: last.seq },
      isFull: Number(last?.looked_at ?? 0) >= limit,
    };
  }

  /** Where the journal ends now: what is read after it begins with what is written from here on. */
  async findEnd(): Promise<JournalPosition> {
    const [row] = await this.prisma.$queryRaw<{ tx: string }[]>`
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS tx`;
    // Nothing of the oldest transaction that still runs has been read.
    return { tx: row?.tx ?? '0', seq: -1n };
  }

  /** Where an event stands; null when it is there no more, or never was. */
  async findPosition(eventId: string): Promise<JournalPosition | null> {
    const [row] = await this.prisma.$queryRaw<JournalPosition[]>`
      SELECT tx::text, seq FROM event WHERE id = ${eventId}`;
    return row ?? null;
  }

  /** Deletes events that are older than this and that each of these consumers has passed; at most `limit` of them. */
  async prune(olderThanDays: number, consumers: readonly string[], limit: number): Promise<number> {
    return this.prisma.$executeRaw`
      DELETE FROM event WHERE seq IN (
        SELECT seq FROM event
        WHERE occurred_at < now() - ${olderThanDays} * interval '1 day'
          AND NOT EXISTS (
            SELECT FROM event_consumer AS c WHERE c.name = ANY(${[...consumers]}) AND (c.tx, c.seq) < (event.tx, event.seq)
          )
        ORDER BY occurred_at LIMIT ${limit}
      )`;
  }

  /** Whether there is an event of this session that one of these consumers has not passed. */
  async isUnheard(sessionId: string, consumers: readonly string[]): Promise<boolean> {
    const rows = await this.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM event, (
        SELECT tx, seq FROM event_consumer WHERE name = ANY(${[...consumers]}) ORDER BY tx, seq LIMIT 1) AS slowest
      WHERE session_id = ${sessionId} AND (event.tx, event.seq) > (slowest.tx, slowest.seq) LIMIT 1`;
    return rows.length > 0;
  }

  /**
   * Deletes what stands of a session among the next so many events and what each of these consumers has passed; answers
   * where to go on, or null at the end.
   */
  async removeOfSession(
    { sessionId, consumers }: { readonly sessionId: string; readonly consumers: readonly string[] },
    after: bigint,
    limit: number,
  ): Promise<bigint | null> {
    const [row] = await this.prisma.$queryRaw<{ last: bigint | null }[]>`
      WITH portion AS (
        SELECT seq, tx, session_id FROM event WHERE seq > ${after} ORDER BY seq LIMIT ${limit}),
      gone AS (
        DELETE FROM event WHERE seq IN (
          SELECT seq FROM portion WHERE session_id = ${sessionId} AND NOT EXISTS (
            SELECT FROM event_consumer AS c
            WHERE c.name = ANY(${[...consumers]}) AND (c.tx, c.seq) < (portion.tx, portion.seq))))
      SELECT max(seq) AS last FROM portion`;
    return row?.last ?? null;
  }
}
