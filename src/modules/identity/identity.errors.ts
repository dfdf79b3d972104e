import { AppError } from '../../kernel/errors/app-error.js';

export class InvalidCredentialsError extends AppError {
  readonly code = 'invalid-credentials';
  readonly kind = 'unauthenticated';

  /** One answer for an unknown address, a wrong password and a disabled account. */
  constructor() {
    super('The address or the password is wrong, or the account may not sign in.');
  }
}

export class WrongPasswordError extends AppError {
  readonly code = 'wrong-password';
  readonly kind = 'forbidden';

  constructor() {
    super('The current password is wrong.');
  }
}

export class RefreshRefusedError extends AppError {
  readonly code = 'refresh-refused';
  readonly kind = 'unauthenticated';

  constructor() {
    super('The refresh token is unknown, expired, revoked or used already. Sign in again.');
  }
}

export class CrossSiteRequestError extends AppError {
  readonly code = 'cross-site-request';
  readonly kind = 'forbidden';

  constructor() {
    super('A cookie is accepted from pages of this server only.');
  }
}

export class SetupTokenInvalidError extends AppError {
  readonly code = 'setup-token-invalid';
  readonly kind = 'forbidden';

  constructor() {
    super('This setup link is not the valid one. A restart of the server makes a new one.');
  }
}

export class SetupFinishedError extends AppError {
  readonly code = 'setup-finished';
  readonly kind = 'gone';

  constructor() {
    super('An administrator exists already. Sign in.');
  }
}

export class UserNotFoundError extends AppError {
  readonly code = 'user-not-found';
  readonly kind = 'not-found';

  constructor() {
    super('There is no such user.');
  }
}

export class EmailTakenError extends AppError {
  readonly code = 'email-taken';
  readonly kind = 'conflict';

  constructor(cause?: unknown) {
    super('Somebody has this address already.', { cause });
  }
}

export class LastAdministratorError extends AppError {
  readonly code = 'last-administrator';
  readonly kind = 'conflict';

  constructor() {
    super('This is the last administrator who can sign in. Make another one first.');
  }
}

export class GrantTooWideError extends AppError {
  readonly code = 'grant-too-wide';
  readonly kind = 'forbidden';

  constructor() {
    super('You cannot give, change or take away more than you hold yourself.');
  }
}
