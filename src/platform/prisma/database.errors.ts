import { AppError } from '../../kernel/errors/app-error.js';

export class DatabaseUnavailableError extends AppError {
  readonly code = 'database-unavailable';
  readonly kind = 'unavailable';

  constructor(cause: unknown) {
    super('The database cannot be reached. Nothing was stored; try again.', { cause, retryAfterSeconds: 2 });
  }
}

export class DuplicateError extends AppError {
  readonly code = 'already-exists';
  readonly kind = 'conflict';

  constructor(cause: unknown) {
    super('Something with this name or address exists already.', { cause });
  }
}
