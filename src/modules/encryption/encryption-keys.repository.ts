import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';

export interface KnownKey {
  readonly id: string;
  readonly introducedAt: Date;
  readonly resealed: number;
  readonly completedAt: Date | null;
}

/** Which keys have sealed, in the order in which they came. Never the keys themselves. */
@Injectable()
export class EncryptionKeysRepository {
  constructor(private readonly prisma: PrismaService) {}

  async findAll(): Promise<readonly KnownKey[]> {
    const rows = await this.prisma.encryptionKey.findMany({ orderBy: { seq: 'asc' } });
    return rows.map(({ id, introducedAt, resealed, completedAt }) => {
      return { id, introducedAt, resealed: Number(resealed), completedAt };
    });
  }

  /** The key that came last: what others have sealed is to be sealed with it. */
  async findNewest(db: Prisma.TransactionClient): Promise<string | null> {
    const row = await db.encryptionKey.findFirst({ orderBy: { seq: 'desc' }, select: { id: true } });
    return row?.id ?? null;
  }

  /** False when it is known, for instance because another process was first. */
  async introduce(id: string, db: Prisma.TransactionClient): Promise<boolean> {
    const { count } = await db.encryptionKey.createMany({ data: [{ id }], skipDuplicates: true });
    return count === 1;
  }

  async countResealed(id: string, rows: number, db: Prisma.TransactionClient): Promise<void> {
    await db.encryptionKey.update({ where: { id }, data: { resealed: { increment: rows } }, select: { id: true } });
  }

  /** How many texts were sealed anew on the way; null when it was completed before. */
  async complete(id: string, db: Prisma.TransactionClient): Promise<number | null> {
    const [row] = await db.encryptionKey.updateManyAndReturn({
      where: { id, completedAt: null },
      data: { completedAt: new Date() },
      select: { resealed: true },
    });
    return row === undefined ? null : Number(row.resealed);
  }
}
