import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../prisma/prisma.service.js';
import type { JournalPosition } from './journal.repository.js';

interface CursorRow {
  readonly tx: string;
  readonly seq: bigint;
  readonly failures: number;
  readonly failed_event_id: string | null;
}

export interface Cursor {
  readonly position: JournalPosition;
  /** Tries of `failedEventId` that have failed so far. */
  readonly failures: number;
  readonly failedEventId: string | null;
}

export interface ConsumerFailure {
  readonly eventId: string;
  /** Tries of this event that have failed, this one included. */
  readonly failures: number;
  /** What is kept of the error: its name, never its text, which may hold data of the event. */
  readonly error: string;
  readonly retryInMs: number;
}

/** The cursors of the durable consumers. */
@Injectable()
export class ConsumerRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** Makes the cursor when it is missing; a new consumer begins at the start of the journal. */
  async register(name: string): Promise<void> {
    await this.prisma.$executeRaw`
      INSERT INTO event_consumer (name, tx, seq) VALUES (${name}, '0'::xid8, 0) ON CONFLICT DO NOTHING`;
  }

  /** Whether there is anything behind the cursor and it may be tried now; it takes no lock and no transaction id. */
  async isBehind(name: string): Promise<boolean> {
    const rows = await this.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM event_consumer AS c
      WHERE c.name = ${name} AND (c.retry_at IS NULL OR c.retry_at <= now())
        AND EXISTS (SELECT FROM event WHERE (event.tx, event.seq) > (c.tx, c.seq))`;
    return rows.length > 0;
  }

  /** Locks the cursor for this transaction; null when another process holds it or when it waits after a failure. */
  async lock(name: string, db: Prisma.TransactionClient): Promise<Cursor | null> {
    const [row] = await db.$queryRaw<CursorRow[]>`
      SELECT tx::text, seq, failures, failed_event_id FROM event_consumer
      WHERE name = ${name} AND (retry_at IS NULL OR retry_at <= now())
      FOR UPDATE SKIP LOCKED`;
    if (!row) return null;
    return { position: { tx: row.tx, seq: row.seq }, failures: row.failures, failedEventId: row.failed_event_id };
  }

  async move(name: string, { tx, seq }: JournalPosition, db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`
      UPDATE event_consumer SET tx = ${tx}::xid8, seq = ${seq}, failures = 0, failed_event_id = NULL,
        retry_at = NULL, last_error = NULL, updated_at = now()
      WHERE name = ${name}`;
  }

  async fail(name: string, { eventId, failures, error, retryInMs }: ConsumerFailure): Promise<void> {
    await this.prisma.$executeRaw`
      UPDATE event_consumer SET failures = ${failures}, failed_event_id = ${eventId}, last_error = ${error},
        updated_at = now(), retry_at = now() + ${retryInMs} * interval '1 millisecond'
      WHERE name = ${name}`;
  }

  async bury(name: string, eventId: string, error: string, db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`
      INSERT INTO event_dead_letter (consumer, event_id, error) VALUES (${name}, ${eventId}, ${error})
      ON CONFLICT DO NOTHING`;
  }

  async pruneDeadLetters(olderThanDays: number): Promise<void> {
    await this.prisma.$executeRaw`
      DELETE FROM event_dead_letter WHERE at < now() - ${olderThanDays} * interval '1 day'`;
  }
}
