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

interface JournalRow {
  readonly tx: string;
  readonly seq: bigint;
  readonly id: string;
  readonly name: string;
  readonly session_id: string | null;
  readonly occurred_at: Date;
  readonly payload: object;
}

const toEntry = (row: JournalRow): JournalEntry => ({
  position: { tx: row.tx, seq: row.seq },
  event: {
    id: row.id,
    type: row.name,
    timestamp: row.occurred_at.toISOString(),
    sessionId: row.session_id,
    data: row.payload,
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
    position: JournalPosition,
    limit: number,
    db: Prisma.TransactionClient = this.prisma,
  ): Promise<readonly JournalEntry[]> {
    const rows = await db.$queryRaw<JournalRow[]>`
      SELECT tx::text, seq, id, name, session_id, occurred_at, payload FROM event
      WHERE (tx, seq) > (${position.tx}::xid8, ${position.seq}) AND tx < pg_snapshot_xmin(pg_current_snapshot())
      ORDER BY event.tx, event.seq LIMIT ${limit}`;
    return rows.map(toEntry);
  }
}
