import { AppError } from '../../../kernel/errors/app-error.js';

export class InvalidIdempotencyKeyError extends AppError {
  readonly code = 'invalid-idempotency-key';
  readonly kind = 'invalid-input';

  constructor() {
    super('Idempotency-Key must be 1 to 255 printable ASCII characters, bare or as a quoted string.');
  }
}

export class IdempotencyKeyReusedError extends AppError {
  readonly code = 'idempotency-key-reused';
  readonly kind = 'unsupported';

  constructor() {
    super('This Idempotency-Key came with another body before. Use a new key for a new request.');
  }
}

export class IdempotencyKeyInUseError extends AppError {
  readonly code = 'idempotency-key-in-use';
  readonly kind = 'conflict';

  constructor() {
    super('The first request with this Idempotency-Key is still running. Ask again in a second.', {
      retryAfterSeconds: 1,
    });
  }
}
