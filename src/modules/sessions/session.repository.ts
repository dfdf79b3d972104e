import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { ConnectionStatus } from './domain/connection-status.js';
import type { Session } from './domain/session.js';
import { settingsOf, type StoredSettings } from './domain/session-settings.js';

export interface StatusChange {
  readonly status: ConnectionStatus;
  readonly reason: string | null;
  readonly reconnectAttempts?: number;
  readonly phone?: string;
  readonly displayName?: string | null;
  readonly lostAt?: Date;
}

export interface NewSessionRow extends Pick<Session, 'id' | 'name' | 'engine'> {
  readonly settings?: StoredSettings;
  readonly sealedProxy?: string | null;
}

export interface SessionRowChange {
  readonly name?: string;
  readonly settings: StoredSettings;
  /** Absent leaves it as it is. */
  readonly sealedProxy?: string | null;
}

const SELECT = {
  id: true,
  name: true,
  engine: true,
  phone: true,
  displayName: true,
  status: true,
  reason: true,
  isWanted: true,
  generation: true,
  reconnectAttempts: true,
  numberChangeUntil: true,
  settings: true,
  proxy: true,
  lostAt: true,
  statusAt: true,
} as const;

/** One that is being removed is gone for everybody. */
const THERE = { removingAt: null } as const;

type Row = Prisma.SessionGetPayload<{ select: typeof SELECT }>;

/** The checks of the table hold `status` and `engine` to what the types say. */
const toSession = ({ proxy, ...row }: Row): Session => {
  const engine = row.engine as Session['engine'];
  const settings = settingsOf(engine, row.settings as StoredSettings);
  return { ...row, status: row.status as ConnectionStatus, engine, settings, sealedProxy: proxy };
};

/** The sessions. `sessionIds` is what the caller may see: undefined for every session. */
@Injectable()
export class SessionRepository {
  constructor(private readonly prisma: PrismaService) {}

  async find(sessionIds: readonly string[] | undefined): Promise<readonly Session[]> {
    const where = { ...THERE, ...(sessionIds && { id: { in: [...sessionIds] } }) };
    const rows = await this.prisma.session.findMany({ where, select: SELECT, orderBy: { id: 'asc' } });
    return rows.map(toSession);
  }

  async findById(id: string): Promise<Session | null> {
    const row = await this.prisma.session.findUnique({ where: { id, ...THERE }, select: SELECT });
    return row && toSession(row);
  }

  async findWanted(): Promise<readonly Session[]> {
    const rows = await this.prisma.session.findMany({ where: { ...THERE, isWanted: true }, select: SELECT });
    return rows.map(toSession);
  }

  /** Wanted sessions whose lease nobody holds. */
  async findOrphans(): Promise<readonly Session[]> {
    const ids = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT session.id FROM session LEFT JOIN session_lease ON session_lease.session_id = session.id
      WHERE session.is_wanted AND session.removing_at IS NULL AND (session_lease.session_id IS NULL OR session_lease.expires_at < now())`;
    return ids.length === 0 ? [] : this.find(ids.map(({ id }) => id));
  }

  /**
   * Closes what looks open though nobody but this owner can hold it, and this owner has just started. It was alive when
   * its lease was last renewed.
   */
  async clearUp(owner: string, reason: string, leaseMs: number): Promise<readonly string[]> {
    const rows = await this.prisma.$queryRaw<{ id: string }[]>`
      UPDATE session SET status = 'DISCONNECTED', reason = ${reason}, status_at = now(), updated_at = now(),
        lost_at = CASE WHEN status <> 'READY' THEN lost_at ELSE least(now(), coalesce(
          (SELECT expires_at FROM session_lease WHERE session_lease.session_id = session.id)
            - ${leaseMs} * interval '1 millisecond', now())) END
      WHERE status NOT IN ('DISCONNECTED', 'AUTH_FAILURE') AND NOT EXISTS (
        SELECT FROM session_lease AS lease
        WHERE lease.session_id = session.id AND lease.owner <> ${owner} AND lease.expires_at > now())
      RETURNING id`;
    return rows.map(({ id }) => id);
  }

  /** False when a session with this id exists. */
  async create(
    { id, name, engine, settings = {}, sealedProxy = null }: NewSessionRow,
    db: Prisma.TransactionClient,
  ): Promise<boolean> {
    const data = [{ id, name, engine, settings: settings as Prisma.InputJsonObject, proxy: sealedProxy }];
    const { count } = await db.session.createMany({ data, skipDuplicates: true });
    return count === 1;
  }

  /** By id. */
  async findPage(
    sessionIds: readonly string[] | undefined,
    { limit, after }: { readonly limit: number; readonly after: string | null },
  ): Promise<readonly Session[]> {
    const rows = await this.prisma.session.findMany({
      where: {
        AND: [
          THERE,
          sessionIds === undefined ? {} : { id: { in: [...sessionIds] } },
          after === null ? {} : { id: { gt: after } },
        ],
      },
      select: SELECT,
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map(toSession);
  }

  /** What is stored of the settings, locked until the transaction ends; null when there is no such session. */
  async lockSettings(id: string, db: Prisma.TransactionClient): Promise<StoredSettings | null> {
    const [row] = await db.$queryRaw<{ settings: StoredSettings }[]>`
      SELECT settings FROM session WHERE id = ${id} AND removing_at IS NULL FOR UPDATE`;
    return row?.settings ?? null;
  }

  async describe(
    id: string,
    { name, settings, sealedProxy }: SessionRowChange,
    db: Prisma.TransactionClient,
  ): Promise<void> {
    await db.session.update({
      where: { id },
      data: {
        ...(name !== undefined && { name }),
        ...(sealedProxy !== undefined && { proxy: sealedProxy }),
        settings: settings as Prisma.InputJsonObject,
        updatedAt: new Date(),
      },
      select: { id: true },
    });
  }

  /** A linked number is let go of: the next one may be another. */
  async forgetNumber(id: string, db: Prisma.TransactionClient): Promise<void> {
    await db.session.update({ where: { id }, data: { phone: null, displayName: null }, select: { id: true } });
  }

  /** From here on it is gone for everybody; false when it was before. */
  async markRemoving(id: string, db: Prisma.TransactionClient): Promise<boolean> {
    const data = { removingAt: new Date(), isWanted: false };
    const { count } = await db.session.updateMany({ where: { id, ...THERE }, data });
    return count === 1;
  }

  /** Sessions that somebody has deleted and that still have something. */
  async findRemoving(): Promise<readonly Pick<Session, 'id' | 'engine'>[]> {
    const where = { removingAt: { not: null } };
    const rows = await this.prisma.session.findMany({ where, select: { id: true, engine: true } });
    return rows.map(({ id, engine }) => ({ id, engine: engine as Session['engine'] }));
  }

  /** The row, with what lets people and programs see it: whoever makes another one under this id grants it anew. */
  async remove(id: string, db: Prisma.TransactionClient): Promise<boolean> {
    await db.sessionLease.deleteMany({ where: { sessionId: id } });
    await db.userSessionGrant.deleteMany({ where: { sessionId: id } });
    await db.$executeRaw`
      UPDATE api_key SET session_ids = array_remove(session_ids, ${id}) WHERE ${id} = ANY(session_ids)`;
    const { count } = await db.session.deleteMany({ where: { id } });
    return count === 1;
  }

  /** The row, locked until the transaction ends. */
  async lock(id: string, db: Prisma.TransactionClient): Promise<Session | null> {
    await db.$queryRaw`SELECT 1 FROM session WHERE id = ${id} FOR UPDATE`;
    const row = await db.session.findUnique({ where: { id, ...THERE }, select: SELECT });
    return row && toSession(row);
  }

  async want(id: string, isWanted: boolean, db: Prisma.TransactionClient): Promise<void> {
    await db.session.update({ where: { id }, data: { isWanted, updatedAt: new Date() }, select: { id: true } });
  }

  async allowNumberChange(id: string, until: Date, db: Prisma.TransactionClient): Promise<void> {
    await db.session.update({ where: { id }, data: { numberChangeUntil: until }, select: { id: true } });
  }

  /** Begins a new opening and returns its generation; reports of older ones are void from here on. */
  async nextGeneration(id: string, db: Prisma.TransactionClient): Promise<number> {
    const { generation } = await db.session.update({
      where: { id },
      data: { generation: { increment: 1 } },
      select: { generation: true },
    });
    return generation;
  }

  async changeStatus(id: string, change: StatusChange, db: Prisma.TransactionClient): Promise<void> {
    const now = new Date();
    await db.session.update({
      where: { id },
      data: { ...change, statusAt: now, updatedAt: now, ...(change.phone && { numberChangeUntil: null }) },
      select: { id: true },
    });
  }
}
