import { MayBeAbsent } from '../../../platform/http/may-be-absent.js';
import { EmailField, NewPasswordField, PasswordField, TokenField } from './fields.js';

export class LoginRequest {
  @EmailField()
  readonly email: string;

  @PasswordField()
  readonly password: string;
}

export class RefreshRequest {
  /** Left out by browsers, which send the cookie. */
  @MayBeAbsent()
  @TokenField()
  readonly refreshToken?: string;
}

export class ChangePasswordRequest {
  @PasswordField()
  readonly currentPassword: string;

  /** 12 to 1024 characters. */
  @NewPasswordField()
  readonly newPassword: string;
}
