import { Injectable } from '@nestjs/common';

import { BoundedQueue } from '../../platform/crypto/bounded-queue.js';
import { PasswordHasher } from '../../platform/crypto/password-hasher.js';
import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { ANONYMOUS, asActor } from './domain/actors.js';
import type { User } from './domain/user.js';
import { InvalidCredentialsError } from './identity.errors.js';
import { type SignedIn, SignIns } from './sign-ins.js';
import { UserRepository, type UserSecret } from './user.repository.js';

export interface LoginCommand {
  readonly email: string;
  readonly password: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

/** A crowd at the door must leave connections to the database for everybody who is inside. */
const MAX_RUNNING = 3;
const MAX_WAITING = 256;

/** Signs people in with their password. */
@Injectable()
export class LoginService {
  private readonly turns = new BoundedQueue(MAX_RUNNING, MAX_WAITING);

  constructor(
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly signIns: SignIns,
  ) {}

  login(command: LoginCommand): Promise<SignedIn> {
    return this.turns.run(() => this.attempt(command));
  }

  private async attempt(command: LoginCommand): Promise<SignedIn> {
    const found = await this.users.findWithPasswordHash({ email: command.email });
    // Asked in every case, so that an unknown address takes as long as a wrong password.
    const isRight = await this.passwords.matches(found?.passwordHash ?? null, command.password);
    if (!found || !isRight || found.user.isDisabled) {
      await this.recordFailure(command, found?.user);
      throw new InvalidCredentialsError();
    }
    const upgraded = this.passwords.isOutdated(found.passwordHash) ? await this.passwords.hash(command.password) : null;
    const signedIn = await this.transactions.run((tx) => this.open(tx, found, upgraded, command));
    if (!signedIn) throw new InvalidCredentialsError();
    return signedIn;
  }

  private async open(
    tx: Transaction,
    found: UserSecret,
    upgraded: string | null,
    { ip, userAgent }: LoginCommand,
  ): Promise<SignedIn | null> {
    // The person may have been disabled, or the password changed, while the hash was computed.
    const user = await this.users.lock(found.user.id, tx.db);
    if (!user || user.isDisabled || user.tokenVersion !== found.user.tokenVersion) return null;
    if (upgraded !== null) await this.users.replacePasswordHash(user.id, found.passwordHash, upgraded, tx.db);
    const signedIn = await this.signIns.open(tx, user, userAgent);
    await this.audit.record(tx, { action: 'auth.login', target: user.id, actor: asActor(user), detail: { ip } });
    return signedIn;
  }

  private async recordFailure({ email, ip }: LoginCommand, user: User | undefined): Promise<void> {
    await this.transactions.run((tx) =>
      this.audit.record(tx, {
        action: 'auth.login-failed',
        outcome: 'failure',
        actor: ANONYMOUS,
        detail: { email, ip },
        ...(user ? { target: user.id } : {}),
      }),
    );
  }
}
