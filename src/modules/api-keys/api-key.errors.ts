import { AppError } from '../../kernel/errors/app-error.js';

export class ApiKeyNotFoundError extends AppError {
  readonly code = 'api-key-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super('There is no such key.', { extensions: { id } });
  }
}

/** A key can never do more than whoever makes it. */
export class ApiKeyTooWideError extends AppError {
  readonly code = 'api-key-too-wide';
  readonly kind = 'forbidden';

  constructor(reason: string, extensions: Readonly<Record<string, unknown>> = {}) {
    super(`The key cannot be made so. ${reason}`, { extensions });
  }
}
