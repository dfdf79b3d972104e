import { AppError } from '../../../kernel/errors/app-error.js';
import type { Verdict } from './rate-limit.js';

/** A limit does not allow something; the answer names it in its `RateLimit` headers. */
export abstract class LimitExceededError extends AppError {
  constructor(
    detail: string,
    readonly verdict: Verdict,
  ) {
    const { policy, remaining, resetSeconds } = verdict;
    super(detail, {
      extensions: { policy: policy.name, quota: policy.quota, remaining },
      retryAfterSeconds: resetSeconds,
    });
  }
}
