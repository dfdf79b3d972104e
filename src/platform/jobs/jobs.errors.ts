import { AppError } from '../../kernel/errors/app-error.js';

export class JobsUnavailableError extends AppError {
  readonly code = 'jobs-unavailable';
  readonly kind = 'unavailable';

  constructor() {
    super('The job queue has not started. Nothing was stored; try again.', { retryAfterSeconds: 5 });
  }
}
