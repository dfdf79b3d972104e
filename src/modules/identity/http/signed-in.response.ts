import type { SignedIn } from '../sign-ins.js';
import { UserResponse } from './user.response.js';

export class SignedInResponse {
  readonly accessToken: string;
  /** Life of the access token, in seconds. */
  readonly expiresIn: number;
  /** Good for one use; browsers get it as a cookie too. */
  readonly refreshToken: string;
  readonly user: UserResponse;

  private constructor({ accessToken, expiresIn, refreshToken, user }: SignedIn) {
    this.accessToken = accessToken;
    this.expiresIn = expiresIn;
    this.refreshToken = refreshToken;
    this.user = UserResponse.from(user);
  }

  static from(signedIn: SignedIn): SignedInResponse {
    return new SignedInResponse(signedIn);
  }
}
