import { Injectable } from '@nestjs/common';

import { newId } from '../../kernel/ids.js';
import { PasswordHasher } from '../../platform/crypto/password-hasher.js';
import { DuplicateError } from '../../platform/prisma/database.errors.js';
import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import { canSee, permissionsOf, type Principal } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import { newPassword } from './domain/one-time-token.js';
import { isUserId, type RoleName, type User } from './domain/user.js';
import { EmailTakenError, GrantTooWideError, LastAdministratorError, UserNotFoundError } from './identity.errors.js';
import type { RevocationReason } from './login-session.repository.js';
import { SignIns } from './sign-ins.js';
import { type UserChanges, UserRepository } from './user.repository.js';

export interface CreateUserCommand {
  readonly email: string;
  readonly name: string;
  readonly role: RoleName;
  readonly password?: string | undefined;
  readonly sessionIds: readonly string[];
}

export interface ChangeUserCommand {
  readonly name?: string | undefined;
  readonly role?: RoleName | undefined;
  readonly password?: string | undefined;
  readonly sessionIds?: readonly string[] | undefined;
  readonly disabled?: boolean | undefined;
}

/** A new person, and the password when we chose it: told once. */
export interface CreatedUser {
  readonly user: User;
  readonly generatedPassword: string | undefined;
}

interface Grant {
  readonly role?: RoleName | undefined;
  readonly sessionIds?: readonly string[] | undefined;
}

/** Nobody gives, changes or takes away what they do not hold themselves. */
const requireReach = (principal: Principal, { role, sessionIds }: Grant): void => {
  const permissions = role === undefined ? [] : [...permissionsOf(role)];
  const isWithin =
    permissions.every((permission) => principal.permissions.has(permission)) &&
    (role !== 'ADMIN' || principal.scope.kind === 'all') &&
    (sessionIds ?? []).every((id) => canSee(principal, id));
  if (!isWithin) throw new GrantTooWideError();
};

const isWorkingAdministrator = ({ role, isDisabled }: Pick<User, 'role' | 'isDisabled'>): boolean =>
  role === 'ADMIN' && !isDisabled;

const definedOf = <T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof definedOf<T>
  >;

/** What a command changes of this person, and why their sign-ins end with it. */
const planChange = (
  before: User,
  { name, role, sessionIds, disabled }: ChangeUserCommand,
  passwordHash: string | undefined,
): { readonly changes: UserChanges; readonly endedBy: RevocationReason | null } => {
  const isDisabled = disabled === before.isDisabled ? undefined : disabled;
  const endedBy = isDisabled === true ? 'disabled' : passwordHash === undefined ? null : 'password-changed';
  const endsTokens = endedBy !== null || (role ?? before.role) !== before.role;
  return { changes: { ...definedOf({ name, role, sessionIds, isDisabled, passwordHash }), endsTokens }, endedBy };
};

/** Creates, changes and removes people. */
@Injectable()
export class UserWriter {
  constructor(
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
    private readonly users: UserRepository,
    private readonly passwords: PasswordHasher,
    private readonly signIns: SignIns,
  ) {}

  async create(principal: Principal, command: CreateUserCommand): Promise<CreatedUser> {
    requireReach(principal, command);
    const { password, ...user } = command;
    const generatedPassword = password === undefined ? newPassword() : undefined;
    const passwordHash = await this.passwords.hash(password ?? generatedPassword ?? '');
    try {
      const created = await this.transactions.run(async (tx) => {
        const row = await this.users.create({ ...user, id: newId('usr'), passwordHash }, tx.db);
        const { email, role, sessionIds } = row;
        await this.audit.record(tx, { action: 'users.create', target: row.id, detail: { email, role, sessionIds } });
        return row;
      });
      return { user: created, generatedPassword };
    } catch (error) {
      throw error instanceof DuplicateError ? new EmailTakenError(error) : error;
    }
  }

  async change(principal: Principal, id: string, command: ChangeUserCommand): Promise<User> {
    requireReach(principal, command);
    const passwordHash = command.password === undefined ? undefined : await this.passwords.hash(command.password);
    return this.transactions.run(async (tx) => {
      const before = await this.lock(tx, principal, id);
      const { changes, endedBy } = planChange(before, command, passwordHash);
      const { role = before.role, isDisabled = before.isDisabled } = changes;
      if (isWorkingAdministrator(before) && !isWorkingAdministrator({ role, isDisabled })) {
        await this.requireAnotherAdministrator(tx, id);
      }
      const after = await this.users.update(id, changes, tx.db);
      if (endedBy) await this.signIns.endAllOf(tx, id, endedBy);
      this.signIns.reconsider(tx, id);
      await this.audit.record(tx, { action: 'users.update', target: id, detail: { ...changesOf(command) } });
      return after;
    });
  }

  async remove(principal: Principal, id: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const user = await this.lock(tx, principal, id);
      if (isWorkingAdministrator(user)) await this.requireAnotherAdministrator(tx, id);
      await this.users.remove(id, tx.db);
      this.signIns.reconsider(tx, id);
      const { email, role } = user;
      await this.audit.record(tx, { action: 'users.delete', target: id, detail: { email, role } });
    });
  }

  private async lock(tx: Transaction, principal: Principal, id: string): Promise<User> {
    // Always in this order: who locks a person first and the administrators afterwards would wait in a circle.
    await this.users.lockAdministrators(tx.db);
    const user = isUserId(id) ? await this.users.lock(id, tx.db) : null;
    if (!user) throw new UserNotFoundError();
    requireReach(principal, { role: user.role });
    return user;
  }

  private async requireAnotherAdministrator(tx: Transaction, id: string): Promise<void> {
    const administrators = await this.users.lockAdministrators(tx.db);
    if (administrators.every((other) => other === id)) throw new LastAdministratorError();
  }
}

/** What the trail keeps of a change: everything but the password itself. */
const changesOf = ({ password, ...changes }: ChangeUserCommand): Readonly<Record<string, unknown>> => ({
  ...changes,
  ...(password === undefined ? {} : { password: 'changed' }),
});
