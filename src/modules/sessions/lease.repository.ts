import { Injectable } from '@nestjs/common';

import { PrismaService } from '../../platform/prisma/prisma.service.js';

interface LeaseRow {
  readonly session_id: string;
  readonly fence: bigint;
}

/** Who owns which session, on the clock of the database. */
@Injectable()
export class LeaseRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** The fence of the lease, or null while somebody else's has not run out. Taking it again raises the fence. */
  async acquire(sessionId: string, owner: string, leaseMs: number): Promise<bigint | null> {
    const [row] = await this.prisma.$queryRaw<LeaseRow[]>`
      INSERT INTO session_lease AS held (session_id, owner, expires_at)
      VALUES (${sessionId}, ${owner}, now() + ${leaseMs} * interval '1 millisecond')
      ON CONFLICT (session_id) DO UPDATE
        SET owner = EXCLUDED.owner, expires_at = EXCLUDED.expires_at, fence = held.fence + 1
        WHERE held.owner = EXCLUDED.owner OR held.expires_at < now()
      RETURNING session_id, fence`;
    return row?.fence ?? null;
  }

  /**
   * Renews every lease of this owner in one statement; a session that is missing from the answer was taken by somebody
   * else. One that ran out while the database was away and that nobody took is still ours: its fence is unchanged.
   */
  async renew(owner: string, leaseMs: number): Promise<ReadonlyMap<string, bigint>> {
    const rows = await this.prisma.$queryRaw<LeaseRow[]>`
      UPDATE session_lease SET expires_at = now() + ${leaseMs} * interval '1 millisecond'
      WHERE owner = ${owner}
      RETURNING session_id, fence`;
    return new Map(rows.map(({ session_id, fence }) => [session_id, fence]));
  }

  /** Whether this owner holds it under this fence; also when it has run out and nobody has taken it. */
  async isHeld(sessionId: string, owner: string, fence: bigint): Promise<boolean> {
    const rows = await this.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM session_lease WHERE session_id = ${sessionId} AND owner = ${owner} AND fence = ${fence}`;
    return rows.length > 0;
  }

  /** Whether somebody else holds it now. */
  async isHeldElsewhere(sessionId: string, owner: string): Promise<boolean> {
    const rows = await this.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM session_lease WHERE session_id = ${sessionId} AND owner <> ${owner} AND expires_at > now()`;
    return rows.length > 0;
  }

  async release(sessionId: string, owner: string): Promise<void> {
    await this.prisma.$executeRaw`
      UPDATE session_lease SET expires_at = now() WHERE session_id = ${sessionId} AND owner = ${owner}`;
  }
}
