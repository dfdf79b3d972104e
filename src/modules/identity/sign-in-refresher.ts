import { Injectable } from '@nestjs/common';

import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { ANONYMOUS, asActor } from './domain/actors.js';
import { hashToken } from './domain/one-time-token.js';
import { RefreshRefusedError } from './identity.errors.js';
import { type HeldRefreshToken, LoginSessionRepository } from './login-session.repository.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { type SignedIn, SignIns } from './sign-ins.js';
import { UserRepository } from './user.repository.js';

/**
 * Exchanges a refresh token for the next one. A token that comes a second time has been stolen, or its answer was
 * lost: nobody can tell, so the whole family ends (ADR 0021).
 */
@Injectable()
export class SignInRefresher {
  constructor(
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly users: UserRepository,
    private readonly loginSessions: LoginSessionRepository,
    private readonly signIns: SignIns,
    private readonly throttle: SignInThrottle,
  ) {}

  async refresh(refreshToken: string, ip: string): Promise<SignedIn> {
    const hash = hashToken(refreshToken);
    const outcome = await this.transactions.run((tx) => this.exchange(tx, hash, ip));
    if (outcome === 'unknown') {
      const { refusal } = await this.throttle.admitGuess(ip);
      if (refusal) throw refusal;
      await this.transactions.run((tx) => this.recordRefusal(tx, 'auth.refresh-failed', { ip }));
    }
    if (outcome === 'unknown' || outcome === 'reused') throw new RefreshRefusedError();
    return outcome;
  }

  private async exchange(tx: Transaction, hash: string, ip: string): Promise<SignedIn | 'unknown' | 'reused'> {
    const held = await this.loginSessions.lockByTokenHash(hash, tx.db);
    if (!held) return 'unknown';
    if (held.isUsed) return this.endFamily(tx, held, ip);
    const user = held.isFamilyOver ? null : await this.users.findById(held.userId, tx.db);
    if (!user || user.isDisabled) return 'unknown';
    const signedIn = await this.signIns.prolong(tx, user, { ...held, hash });
    await this.audit.record(tx, { action: 'auth.refresh', target: user.id, actor: asActor(user), detail: { ip } });
    return signedIn;
  }

  private async endFamily(tx: Transaction, held: HeldRefreshToken, ip: string): Promise<'reused'> {
    await this.signIns.end(tx, held.loginSessionId, 'refresh-reuse');
    await this.recordRefusal(tx, 'auth.refresh-reuse', { ip, loginSessionId: held.loginSessionId }, held.userId);
    return 'reused';
  }

  private recordRefusal(
    tx: Transaction,
    action: string,
    detail: Record<string, unknown>,
    target?: string,
  ): Promise<void> {
    return this.audit.record(tx, {
      action,
      outcome: 'denied',
      actor: ANONYMOUS,
      detail,
      ...(target === undefined ? {} : { target }),
    });
  }
}
