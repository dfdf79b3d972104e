import type { Permission, Principal, Role } from '../../access/index.js';
import type { User, UserPage } from '../domain/user.js';
import type { CreatedUser } from '../user-writer.js';

export class UserResponse {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Sessions granted to this person; an administrator sees all of them without. */
  readonly sessionIds: string[];
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;

  protected constructor(user: User) {
    this.id = user.id;
    this.email = user.email;
    this.name = user.name;
    this.role = user.role;
    this.sessionIds = [...user.sessionIds];
    this.disabled = user.isDisabled;
    this.createdAt = user.createdAt.toISOString();
    this.updatedAt = user.updatedAt.toISOString();
  }

  static from(user: User): UserResponse {
    return new UserResponse(user);
  }
}

export class CreatedUserResponse extends UserResponse {
  /** The password that was made for this person; never shown again. */
  readonly password?: string;

  private constructor({ user, generatedPassword }: CreatedUser) {
    super(user);
    if (generatedPassword !== undefined) this.password = generatedPassword;
  }

  static fromCreated(created: CreatedUser): CreatedUserResponse {
    return new CreatedUserResponse(created);
  }
}

export class MeResponse extends UserResponse {
  /** What this person may do. */
  readonly permissions: Permission[];

  private constructor(user: User, { permissions }: Principal) {
    super(user);
    this.permissions = [...permissions];
  }

  static fromUser(user: User, principal: Principal): MeResponse {
    return new MeResponse(user, principal);
  }
}

export class UserListResponse {
  readonly data: UserResponse[];
  /** For the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: UserPage) {
    this.data = data.map((user) => UserResponse.from(user));
    this.nextCursor = nextCursor;
  }

  static from(page: UserPage): UserListResponse {
    return new UserListResponse(page);
  }
}
