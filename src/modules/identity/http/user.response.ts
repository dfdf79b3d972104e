import type { Role } from '../../access/index.js';
import type { User, UserPage } from '../domain/user.js';
import type { CreatedUser } from '../user-writer.js';

export class UserResponse {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Sessions granted to this person; an administrator sees all of them without. */
  readonly sessionIds: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;

  static from(user: User): UserResponse {
    return {
      id: user.id,
      email: user.email,
      name: user.name,
      role: user.role,
      sessionIds: user.sessionIds,
      disabled: user.isDisabled,
      createdAt: user.createdAt.toISOString(),
      updatedAt: user.updatedAt.toISOString(),
    };
  }
}

export class CreatedUserResponse extends UserResponse {
  /** The password that was made for this person; never shown again. */
  readonly password?: string;

  static fromCreated({ user, generatedPassword }: CreatedUser): CreatedUserResponse {
    const response = UserResponse.from(user);
    return generatedPassword === undefined ? response : { ...response, password: generatedPassword };
  }
}

export class UserListResponse {
  readonly data: readonly UserResponse[];
  /** For the next page; null at the end. */
  readonly nextCursor: string | null;

  static from({ data, nextCursor }: UserPage): UserListResponse {
    return { data: data.map((user) => UserResponse.from(user)), nextCursor };
  }
}
