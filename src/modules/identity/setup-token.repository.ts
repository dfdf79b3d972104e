import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';

const ONLY_ROW = 1;
/** Key of the advisory lock under which first administrators are made; any number that nobody else uses. */
const FIRST_ADMINISTRATOR_LOCK = 7_301_001;

/** The one-time way in; one row at most. */
@Injectable()
export class SetupTokenRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** The hash of the token when it is still good. */
  async findHash(now: Date, db: Prisma.TransactionClient = this.prisma): Promise<string | null> {
    const row = await db.setupToken.findUnique({ where: { id: ONLY_ROW } });
    return row?.usedAt === null && row.expiresAt > now ? row.hash : null;
  }

  /** Kills the one before. */
  async replace(hash: string, expiresAt: Date, db: Prisma.TransactionClient): Promise<void> {
    const data = { hash, expiresAt, usedAt: null };
    await db.setupToken.upsert({ where: { id: ONLY_ROW }, create: { id: ONLY_ROW, ...data }, update: data });
  }

  async markUsed(now: Date, db: Prisma.TransactionClient): Promise<void> {
    await db.setupToken.updateMany({ where: { id: ONLY_ROW }, data: { usedAt: now } });
  }

  /** Held until the commit, by every way to a first administrator: one of them is first. */
  async lockFirstAdministrator(db: Prisma.TransactionClient): Promise<void> {
    await db.$executeRaw`SELECT pg_advisory_xact_lock(${FIRST_ADMINISTRATOR_LOCK})`;
  }
}
