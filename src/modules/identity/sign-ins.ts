import { Inject, Injectable } from '@nestjs/common';

import { IdentityConfig } from '../../config/config.slices.js';
import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { Transaction } from '../../platform/prisma/transactions.js';
import { AccessTokens } from './access-tokens.js';
import { newToken } from './domain/one-time-token.js';
import type { User } from './domain/user.js';
import { type HeldRefreshToken, LoginSessionRepository, type RevocationReason } from './login-session.repository.js';
import { SignInStates } from './sign-in-states.js';

const MS_PER_DAY = 86_400_000;
const REFRESH_PREFIX = 'wpr';
const MAX_USER_AGENT = 256;

/** What somebody who has signed in takes along. */
export interface SignedIn {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly refreshExpiresAt: Date;
  readonly user: User;
}

/** Opens, prolongs and ends sign-ins inside the transaction of the act that causes it. */
@Injectable()
export class SignIns {
  private readonly lifeMs: number;

  constructor(
    private readonly loginSessions: LoginSessionRepository,
    private readonly tokens: AccessTokens,
    private readonly states: SignInStates,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(IdentityConfig) config: IdentityConfig,
  ) {
    this.lifeMs = config.refreshTokenTtlDays * MS_PER_DAY;
  }

  async open(tx: Transaction, user: User, userAgent: string | undefined): Promise<SignedIn> {
    const id = newId('log');
    const { token, hash } = newToken(REFRESH_PREFIX);
    const expiresAt = this.expiry();
    const agent = userAgent?.slice(0, MAX_USER_AGENT) ?? null;
    await this.loginSessions.create({ id, userId: user.id, userAgent: agent, expiresAt }, hash, tx.db);
    return { ...this.tokens.issue(user, id), refreshToken: token, refreshExpiresAt: expiresAt, user };
  }

  async prolong(tx: Transaction, user: User, held: HeldRefreshToken & { readonly hash: string }): Promise<SignedIn> {
    const { token, hash } = newToken(REFRESH_PREFIX);
    const expiresAt = this.expiry();
    await this.loginSessions.rotate(held.loginSessionId, { old: held.hash, fresh: hash }, expiresAt, tx.db);
    return {
      ...this.tokens.issue(user, held.loginSessionId),
      refreshToken: token,
      refreshExpiresAt: expiresAt,
      user,
    };
  }

  async end(tx: Transaction, loginSessionId: string, reason: RevocationReason): Promise<void> {
    await this.loginSessions.revoke(loginSessionId, reason, tx.db);
    tx.afterCommit(() => {
      this.states.forget(loginSessionId);
    });
  }

  async endAllOf(tx: Transaction, userId: string, reason: RevocationReason): Promise<void> {
    await this.loginSessions.revokeAllOf(userId, reason, tx.db);
    this.reconsider(tx, userId);
  }

  /** Lets a change of this person's rights take effect at once. */
  reconsider(tx: Transaction, userId: string): void {
    tx.afterCommit(() => {
      this.states.forgetUser(userId);
    });
  }

  private expiry(): Date {
    return new Date(this.clock.now().getTime() + this.lifeMs);
  }
}
