import { AppError } from '../../kernel/errors/app-error.js';

/** What may be sent in a day is sent. */
export class QuotaExceededError extends AppError {
  readonly code = 'quota-exceeded';
  readonly kind = 'rate-limited';

  constructor(policy: string, quota: number, retryAfterSeconds: number) {
    super(`The quota of ${String(quota)} messages a day is used up. Nothing was stored.`, {
      extensions: { policy, quota },
      retryAfterSeconds,
    });
  }
}
