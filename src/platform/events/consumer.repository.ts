import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../prisma/prisma.service.js';
import type { JournalPosition } from './journal.repository.js';

interface CursorRow {
  readonly tx: string;
  readonly seq: bigint;
  readonly failures: number;
}

export interface Cursor {
  readonly position: JournalPosition;
  /** Tries of the next event that have failed so far. */
  readonly failures: number;
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

  /** Locks the cursor for this transaction; null when another process holds it or when it waits after a failure. */
  async lock(name: string, db: Prisma.TransactionClient): Promise<Cursor | null> {
    const [row] = await db.$queryRaw<CursorRow[]>`
      SELECT tx::text, seq, failures FROM event_consumer
      WHERE name = ${name} AND (retry_at IS NULL OR retry_at <= now())
      FOR UPDATE SKIP LOCKED`;
    return row ? { position: { tx: row.tx, seq: row.seq }, failures: row.failures } : null;
  }

  async move(name: string, { tx, seq }: JournalPosition, db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`
      UPDATE event_consumer SET tx = ${tx}::xid8, seq = ${seq}, failures = 0, retry_at = NULL, last_error = NULL,
        updated_at = now()
      WHERE name = ${name}`;
  }

  async fail(name: string, error: string, retryInMs: number): Promise<void> {
    await this.prisma.$executeRaw`
      UPDATE event_consumer SET failures = failures + 1, last_error = ${error}, updated_at = now(),
        retry_at = now() + ${retryInMs} * interval '1 millisecond'
      WHERE name = ${name}`;
  }

  async bury(name: string, eventId: string, error: string, db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`
      INSERT INTO event_dead_letter (consumer, event_id, error) VALUES (${name}, ${eventId}, ${error})
      ON CONFLICT DO NOTHING`;
  }
}
