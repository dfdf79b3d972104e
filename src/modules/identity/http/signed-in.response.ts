import type { Permission, Principal } from '../../access/index.js';
import type { User } from '../domain/user.js';
import type { SignedIn } from '../sign-ins.js';
import { UserResponse } from './user.response.js';

export class SignedInResponse {
  readonly accessToken: string;
  /** Life of the access token, in seconds. */
  readonly expiresIn: number;
  /** Good for one use; browsers get it as a cookie too. */
  readonly refreshToken: string;
  readonly user: UserResponse;

  static from({ accessToken, expiresIn, refreshToken, user }: SignedIn): SignedInResponse {
    return { accessToken, expiresIn, refreshToken, user: UserResponse.from(user) };
  }
}

export class MeResponse extends UserResponse {
  /** What this person may do. */
  readonly permissions: readonly Permission[];

  static fromUser(user: User, { permissions }: Principal): MeResponse {
    return { ...UserResponse.from(user), permissions: [...permissions] };
  }
}
