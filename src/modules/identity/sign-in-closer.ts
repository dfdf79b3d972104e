import { Injectable } from '@nestjs/common';

import { PasswordHasher } from '../../platform/crypto/password-hasher.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import type { Principal } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { UserNotFoundError, WrongPasswordError } from './identity.errors.js';
import { type SignedIn, SignIns } from './sign-ins.js';
import { UserRepository } from './user.repository.js';

export interface ChangePasswordCommand {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly userAgent: string | undefined;
}

/** Ends sign-ins at the wish of their owner: one, all, or all because the password is a new one. */
@Injectable()
export class SignInCloser {
  constructor(
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly signIns: SignIns,
  ) {}

  async logout({ id, loginSessionId }: Principal): Promise<void> {
    await this.transactions.run(async (tx) => {
      if (loginSessionId !== undefined) await this.signIns.end(tx, loginSessionId, 'logout');
      await this.audit.record(tx, { action: 'auth.logout', target: id });
    });
  }

  async logoutEverywhere({ id }: Principal): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.users.update(id, { endsTokens: true }, tx.db);
      await this.signIns.endAllOf(tx, id, 'logout-everywhere');
      await this.audit.record(tx, { action: 'auth.logout-everywhere', target: id });
    });
  }

  /** Every sign-in ends; the one who asked gets a new one. */
  async changePassword({ id }: Principal, command: ChangePasswordCommand): Promise<SignedIn> {
    const found = await this.users.findWithPasswordHash({ id });
    if (!found) throw new UserNotFoundError();
    if (!(await this.passwords.matches(found.passwordHash, command.currentPassword))) {
      await this.transactions.run((tx) =>
        this.audit.record(tx, { action: 'auth.password-change', target: id, outcome: 'failure' }),
      );
      throw new WrongPasswordError();
    }
    const passwordHash = await this.passwords.hash(command.newPassword);
    return this.transactions.run(async (tx) => {
      const user = await this.users.update(id, { passwordHash, endsTokens: true }, tx.db);
      await this.signIns.endAllOf(tx, id, 'password-changed');
      const signedIn = await this.signIns.open(tx, user, command.userAgent);
      await this.audit.record(tx, { action: 'auth.password-change', target: id });
      return signedIn;
    });
  }
}
