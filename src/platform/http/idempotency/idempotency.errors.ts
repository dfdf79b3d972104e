import { AppError } from '../../../kernel/errors/app-error.js';

export class IdempotencyKeyReusedError extends AppError {
  readonly code = 'idempotency-key-reused';
  readonly kind = 'unsupported';

  constructor() {
    super('This Idempotency-Key was used for another request. Use a new key for a new request.');
  }
}

export class RequestStillRunningError extends AppError {
  readonly code = 'request-still-running';
  readonly kind = 'conflict';

  constructor() {
    super('The first request with this Idempotency-Key is still running.', { retryAfterSeconds: 1 });
  }
}
