import { AppError } from '../../kernel/errors/app-error.js';

export class TooBusyError extends AppError {
  readonly code = 'too-busy';
  readonly kind = 'unavailable';

  constructor() {
    super('Too many passwords are being checked at this moment. Try again in a second.', { retryAfterSeconds: 1 });
  }
}

/** Stops the process at start: a secret of the installation cannot be read or is damaged. */
export class SecretUnusableError extends Error {
  constructor(path: string, reason: string, cause?: unknown) {
    super(`The secret in ${path} ${reason}.`, { cause });
    this.name = SecretUnusableError.name;
  }
}
