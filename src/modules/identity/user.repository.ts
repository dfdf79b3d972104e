import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { RoleName, User } from './domain/user.js';

const COLUMNS = {
  id: true,
  email: true,
  name: true,
  role: true,
  disabledAt: true,
  tokenVersion: true,
  createdAt: true,
  updatedAt: true,
  grants: { select: { sessionId: true }, orderBy: { sessionId: 'asc' } },
} as const satisfies Prisma.UserSelect;

type Row = Prisma.UserGetPayload<{ select: typeof COLUMNS }>;

const toUser = (row: Row): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role as RoleName,
  sessionIds: row.grants.map(({ sessionId }) => sessionId),
  isDisabled: row.disabledAt !== null,
  tokenVersion: row.tokenVersion,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

export interface NewUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: RoleName;
  readonly passwordHash: string;
  readonly sessionIds: readonly string[];
}

export interface UserChanges {
  readonly name?: string;
  readonly role?: RoleName;
  readonly sessionIds?: readonly string[];
  readonly passwordHash?: string;
  readonly isDisabled?: boolean;
  /** Ends every access token that was issued so far. */
  readonly endsTokens: boolean;
}

export interface UserSecret {
  readonly user: User;
  readonly passwordHash: string;
}

/** People and the sessions granted to them. */
@Injectable()
export class UserRepository {
  constructor(private readonly prisma: PrismaService) {}

  async findById(id: string, db: Prisma.TransactionClient = this.prisma): Promise<User | null> {
    const row = await db.user.findUnique({ where: { id }, select: COLUMNS });
    return row && toUser(row);
  }

  async findWithPasswordHash(by: { readonly id: string } | { readonly email: string }): Promise<UserSecret | null> {
    const where = 'id' in by ? { id: by.id } : { email: by.email };
    const row = await this.prisma.user.findUnique({ where, select: { ...COLUMNS, passwordHash: true } });
    return row && { user: toUser(row), passwordHash: row.passwordHash };
  }

  /** In the order of their ids, which is the order in which they were made; reads one more than asked for. */
  async findAfter(id: string | null, limit: number): Promise<readonly User[]> {
    const rows = await this.prisma.user.findMany({
      ...(id === null ? {} : { where: { id: { gt: id } } }),
      orderBy: { id: 'asc' },
      take: limit + 1,
      select: COLUMNS,
    });
    return rows.map(toUser);
  }

  async hasAny(db: Prisma.TransactionClient = this.prisma): Promise<boolean> {
    return (await db.user.findFirst({ select: { id: true } })) !== null;
  }

  async create({ sessionIds, ...user }: NewUser, db: Prisma.TransactionClient): Promise<User> {
    const grants = { create: sessionIds.map((sessionId) => ({ sessionId })) };
    return toUser(await db.user.create({ data: { ...user, grants }, select: COLUMNS }));
  }

  async update(id: string, changes: UserChanges, db: Prisma.TransactionClient): Promise<User> {
    const { name, role, sessionIds, passwordHash, isDisabled, endsTokens } = changes;
    const row = await db.user.update({
      where: { id },
      data: {
        ...(name === undefined ? {} : { name }),
        ...(role === undefined ? {} : { role }),
        ...(passwordHash === undefined ? {} : { passwordHash }),
        ...(isDisabled === undefined ? {} : { disabledAt: isDisabled ? new Date() : null }),
        ...(endsTokens ? { tokenVersion: { increment: 1 } } : {}),
        ...(sessionIds === undefined
          ? {}
          : { grants: { deleteMany: {}, create: sessionIds.map((sessionId) => ({ sessionId })) } }),
      },
      select: COLUMNS,
    });
    return toUser(row);
  }

  /** Keeps the hash of a password that was right under stronger parameters, unless it was changed meanwhile. */
  async replacePasswordHash(id: string, old: string, fresh: string, db: Prisma.TransactionClient): Promise<void> {
    await db.user.updateMany({ where: { id, passwordHash: old }, data: { passwordHash: fresh } });
  }

  async remove(id: string, db: Prisma.TransactionClient): Promise<void> {
    await db.user.delete({ where: { id } });
  }

  /** Locks this person until the commit, so that two changes of one person come one after the other. */
  async lock(id: string, db: Prisma.TransactionClient): Promise<User | null> {
    await db.$queryRaw`SELECT id FROM app_user WHERE id = ${id} FOR NO KEY UPDATE`;
    return this.findById(id, db);
  }

  /** Locks the administrators who can sign in until the commit: two of them cannot remove each other at once. */
  async lockAdministrators(db: Prisma.TransactionClient): Promise<readonly string[]> {
    const rows = await db.$queryRaw<{ id: string }[]>`
      SELECT id FROM app_user WHERE role = 'ADMIN' AND disabled_at IS NULL ORDER BY id FOR NO KEY UPDATE`;
    return rows.map(({ id }) => id);
  }
}
