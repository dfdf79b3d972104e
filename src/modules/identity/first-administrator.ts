import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../../kernel/clock.js';
import { newId } from '../../kernel/ids.js';
import type { Transaction } from '../../platform/prisma/transactions.js';
import { hashToken, isSameHash } from './domain/one-time-token.js';
import type { User } from './domain/user.js';
import { SetupFinishedError, SetupTokenInvalidError } from './identity.errors.js';
import { SetupLinkSink } from './setup-link.sink.js';
import { SetupTokenRepository } from './setup-token.repository.js';
import { UserRepository } from './user.repository.js';

export interface AdministratorDraft {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}

/** Makes the first administrator, whichever way they come: one at a time, and only while there is nobody. */
@Injectable()
export class FirstAdministrator {
  constructor(
    private readonly users: UserRepository,
    private readonly setupTokens: SetupTokenRepository,
    @Inject(SetupLinkSink) private readonly sink: SetupLinkSink,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Throws unless this token may be used now. */
  async check(token: string, tx?: Transaction): Promise<void> {
    // The token first: a link that is used in between reads as used, not as wrong.
    const hash = await this.setupTokens.findHash(this.clock.now(), tx?.db);
    if (await this.users.hasAny(tx?.db)) throw new SetupFinishedError();
    if (hash === null || !isSameHash(hash, hashToken(token))) throw new SetupTokenInvalidError();
  }

  async createByToken(tx: Transaction, token: string, draft: AdministratorDraft): Promise<User> {
    await this.setupTokens.lockFirstAdministrator(tx.db);
    await this.check(token, tx);
    await this.setupTokens.markUsed(this.clock.now(), tx.db);
    tx.afterCommit(() => {
      // The link is dead in any case; a file that stays behind is taken away at the next start.
      this.sink.withdraw().catch(() => undefined);
    });
    return this.insert(tx, draft);
  }

  /** Null when there is somebody already. */
  async createUnattended(tx: Transaction, draft: AdministratorDraft): Promise<User | null> {
    await this.setupTokens.lockFirstAdministrator(tx.db);
    return (await this.users.hasAny(tx.db)) ? null : this.insert(tx, draft);
  }

  /** Puts a new token in the place of the one before; false when there is somebody already. */
  async replaceToken(tx: Transaction, hash: string, lifeMs: number): Promise<boolean> {
    await this.setupTokens.lockFirstAdministrator(tx.db);
    if (await this.users.hasAny(tx.db)) return false;
    await this.setupTokens.replace(hash, new Date(this.clock.now().getTime() + lifeMs), tx.db);
    return true;
  }

  isNeeded(): Promise<boolean> {
    return this.users.hasAny().then((hasAny) => !hasAny);
  }

  private insert(tx: Transaction, draft: AdministratorDraft): Promise<User> {
    return this.users.create({ ...draft, id: newId('usr'), role: 'ADMIN', sessionIds: [] }, tx.db);
  }
}
