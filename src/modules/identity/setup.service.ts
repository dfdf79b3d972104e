import { Injectable } from '@nestjs/common';

import { PasswordHasher } from '../../platform/crypto/password-hasher.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import { ANONYMOUS, asActor } from './domain/actors.js';
import { FirstAdministrator } from './first-administrator.js';
import { SetupTokenInvalidError } from './identity.errors.js';
import { type SignedIn, SignIns } from './sign-ins.js';

export interface SetUpCommand {
  readonly token: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

/** Turns the one-time setup link into the first administrator. */
@Injectable()
export class SetupService {
  constructor(
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly firstAdministrator: FirstAdministrator,
    private readonly passwords: PasswordHasher,
    private readonly signIns: SignIns,
  ) {}

  async setUp(command: SetUpCommand): Promise<SignedIn> {
    const { token, email, name, password, ip, userAgent } = command;
    // Before the password is hashed: who has no token must not keep the machine busy.
    await this.checkOrRecord(token, ip);
    const passwordHash = await this.passwords.hash(password);
    return this.transactions.run(async (tx) => {
      const user = await this.firstAdministrator.createByToken(tx, token, { email, name, passwordHash });
      const signedIn = await this.signIns.open(tx, user, userAgent);
      const detail = { by: 'link', ip };
      await this.audit.record(tx, { action: 'setup.complete', target: user.id, actor: asActor(user), detail });
      return signedIn;
    });
  }

  private async checkOrRecord(token: string, ip: string): Promise<void> {
    try {
      await this.firstAdministrator.check(token);
    } catch (error) {
      if (error instanceof SetupTokenInvalidError) {
        await this.transactions.run((tx) =>
          this.audit.record(tx, { action: 'setup.complete', outcome: 'denied', actor: ANONYMOUS, detail: { ip } }),
        );
      }
      throw error;
    }
  }
}
