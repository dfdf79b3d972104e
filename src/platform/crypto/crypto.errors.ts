import { AppError } from '../../kernel/errors/app-error.js';

export class TooBusyError extends AppError {
  readonly code = 'too-busy';
  readonly kind = 'unavailable';

  constructor() {
    super('Too many passwords are being checked at this moment. Try again in a second.', { retryAfterSeconds: 1 });
  }
}

export class EncryptionKeyMissingError extends AppError {
  readonly code = 'encryption-key-missing';
  readonly kind = 'unavailable';

  constructor(readonly keyId: string) {
    super(`This was sealed with the encryption key ${keyId}, which this server does not have.`, {
      extensions: { keyId },
      retryAfterSeconds: 30,
    });
  }
}

/** Stops the process at start: a secret of the installation cannot be read or is damaged. */
export class SecretUnusableError extends Error {
  constructor(path: string, reason: string, cause?: unknown) {
    super(`The secret in ${path} ${reason}.`, { cause });
    this.name = SecretUnusableError.name;
  }
}
