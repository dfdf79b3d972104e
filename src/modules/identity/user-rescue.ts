import { Injectable } from '@nestjs/common';

import { newId } from '../../kernel/ids.js';
import { PasswordHasher } from '../../platform/crypto/password-hasher.js';
import { DuplicateError } from '../../platform/prisma/database.errors.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { newPassword } from './domain/one-time-token.js';
import { normalizeEmail } from './domain/user.js';
import { EmailTakenError, UserNotFoundError } from './identity.errors.js';
import { SignIns } from './sign-ins.js';
import { UserRepository } from './user.repository.js';

const CONSOLE = { kind: 'system', id: 'command-line', name: 'Command line' } as const;

export interface RescueCommand {
  readonly email: string;
  /** Left out: one is made. */
  readonly password?: string | undefined;
}

/** The password that works from now on, when it was made here. */
export interface Rescued {
  readonly generatedPassword: string | undefined;
}

/** For whoever has the machine and no way in: makes an administrator, or gives a person a new password. */
@Injectable()
export class UserRescue {
  constructor(
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly signIns: SignIns,
  ) {}

  async createAdministrator(command: RescueCommand): Promise<Rescued> {
    const { email, passwordHash, generatedPassword } = await this.prepare(command);
    try {
      await this.transactions.run(async (tx) => {
        const draft = { id: newId('usr'), email, name: 'Administrator', role: 'ADMIN', sessionIds: [] } as const;
        const { id, role } = await this.users.create({ ...draft, passwordHash }, tx.db);
        await this.audit.record(tx, {
          action: 'users.create',
          actor: CONSOLE,
          target: id,
          detail: { email, role, by: 'command-line' },
        });
      });
    } catch (error) {
      throw error instanceof DuplicateError ? new EmailTakenError(error) : error;
    }
    return { generatedPassword };
  }

  /** The person can sign in again, also one who was disabled. */
  async resetPassword(command: RescueCommand): Promise<Rescued> {
    const { email, passwordHash, generatedPassword } = await this.prepare(command);
    await this.transactions.run(async (tx) => {
      const found = await this.users.findWithPasswordHash({ email });
      const user = found && (await this.users.lock(found.user.id, tx.db));
      if (!user) throw new UserNotFoundError();
      await this.users.update(user.id, { passwordHash, isDisabled: false, endsTokens: true }, tx.db);
      await this.signIns.endAllOf(tx, user.id, 'password-changed');
      const detail = { password: 'changed', disabled: false, by: 'command-line' };
      await this.audit.record(tx, { action: 'users.update', actor: CONSOLE, target: user.id, detail });
    });
    return { generatedPassword };
  }

  private async prepare({
    email,
    password,
  }: RescueCommand): Promise<Rescued & { email: string; passwordHash: string }> {
    const generatedPassword = password === undefined ? newPassword() : undefined;
    const passwordHash = await this.passwords.hash(password ?? generatedPassword ?? '');
    return { email: normalizeEmail(email), passwordHash, generatedPassword };
  }
}
