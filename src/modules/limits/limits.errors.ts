import { LimitExceededError } from '../../platform/http/throttle/limit-exceeded.errors.js';
import type { Verdict } from '../../platform/http/throttle/rate-limit.js';

/** What may be sent in a day is sent. */
export class QuotaExceededError extends LimitExceededError {
  readonly code = 'quota-exceeded';
  readonly kind = 'rate-limited';

  constructor(verdict: Verdict) {
    const { quota } = verdict.policy;
    super(`The quota of ${String(quota)} messages a day does not allow this. Nothing was stored.`, verdict);
  }
}
