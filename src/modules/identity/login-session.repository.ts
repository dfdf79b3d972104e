import { Injectable } from '@nestjs/common';

import type { Prisma } from '../../generated/prisma/client.js';
import { PrismaService } from '../../platform/prisma/prisma.service.js';
import type { RoleName } from './domain/user.js';

/** What decides whether an access token of a sign-in is still good, and what it may do. */
export interface SignInState {
  readonly loginSessionId: string;
  readonly userId: string;
  readonly name: string;
  readonly role: RoleName;
  readonly sessionIds: readonly string[];
  readonly tokenVersion: number;
}

/** A refresh token and the family it belongs to. */
export interface HeldRefreshToken {
  readonly loginSessionId: string;
  readonly userId: string;
  readonly isUsed: boolean;
  readonly isFamilyOver: boolean;
}

export type RevocationReason = 'logout' | 'logout-everywhere' | 'refresh-reuse' | 'password-changed' | 'disabled';

/** Sign-ins: families of refresh tokens. Tokens are known by their hashes only. */
@Injectable()
export class LoginSessionRepository {
  constructor(private readonly prisma: PrismaService) {}

  async create(
    session: {
      readonly id: string;
      readonly userId: string;
      readonly userAgent: string | null;
      readonly expiresAt: Date;
    },
    tokenHash: string,
    db: Prisma.TransactionClient,
  ): Promise<void> {
    await db.loginSession.create({ data: { ...session, tokens: { create: { hash: tokenHash } } } });
  }

  /** Null when the sign-in is over or the person may not sign in. */
  async findState(id: string): Promise<SignInState | null> {
    const [row] = await this.prisma.$queryRaw<SignInState[]>`
      SELECT l.id AS "loginSessionId", u.id AS "userId", u.name, u.role, u.token_version AS "tokenVersion",
        ARRAY(SELECT g.session_id FROM user_session_grant g WHERE g.user_id = u.id) AS "sessionIds"
      FROM login_session l JOIN app_user u ON u.id = l.user_id
      WHERE l.id = ${id} AND l.revoked_at IS NULL AND l.expires_at > now() AND u.disabled_at IS NULL`;
    return row ?? null;
  }

  /** Locks the family until the commit: of two uses of one token, the second sees what the first did. */
  async lockByTokenHash(hash: string, db: Prisma.TransactionClient): Promise<HeldRefreshToken | null> {
    await db.$queryRaw`
      SELECT l.id FROM login_session l JOIN refresh_token t ON t.login_session_id = l.id
      WHERE t.hash = ${hash} FOR UPDATE OF l`;
    const [row] = await db.$queryRaw<HeldRefreshToken[]>`
      SELECT l.id AS "loginSessionId", l.user_id AS "userId", t.used_at IS NOT NULL AS "isUsed",
        (l.revoked_at IS NOT NULL OR l.expires_at <= now()) AS "isFamilyOver"
      FROM refresh_token t JOIN login_session l ON l.id = t.login_session_id WHERE t.hash = ${hash}`;
    return row ?? null;
  }

  /** Uses up the old token and puts the new one in its place. */
  async rotate(
    loginSessionId: string,
    hashes: { readonly old: string; readonly fresh: string },
    expiresAt: Date,
    db: Prisma.TransactionClient,
  ): Promise<void> {
    await db.refreshToken.update({ where: { hash: hashes.old }, data: { usedAt: new Date() } });
    await db.refreshToken.create({ data: { hash: hashes.fresh, loginSessionId } });
    await db.loginSession.update({ where: { id: loginSessionId }, data: { expiresAt } });
  }

  async revoke(id: string, reason: RevocationReason, db: Prisma.TransactionClient): Promise<void> {
    await db.loginSession.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt: new Date(), revokedReason: reason },
    });
  }

  async revokeAllOf(userId: string, reason: RevocationReason, db: Prisma.TransactionClient): Promise<void> {
    await db.loginSession.updateMany({
      where: { userId, revokedAt: null },
      data: { revokedAt: new Date(), revokedReason: reason },
    });
  }

  /** Forgets sign-ins that have been over for a while; until then a reused token of theirs is recognised. */
  async removeOver(before: Date): Promise<number> {
    const { count } = await this.prisma.loginSession.deleteMany({
      where: { OR: [{ expiresAt: { lt: before } }, { revokedAt: { lt: before } }] },
    });
    return count;
  }
}
