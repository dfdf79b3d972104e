export interface BackoffPolicy {
  readonly baseMs: number;
  readonly maxMs: number;
  readonly factor: number;
}

/** Upper bound of the wait before try `attempt` (1 = the first repeat), in milliseconds. */
export const backoffCeiling = (policy: BackoffPolicy, attempt: number): number =>
  Math.min(policy.maxMs, policy.baseMs * policy.factor ** Math.max(0, attempt - 1));

/**
 * The wait before try `attempt`, in milliseconds: between half of the ceiling and the ceiling.
 * The lower half is kept so that a repeat never comes at once; the jitter keeps many sessions from coming together.
 */
export const backoffDelay = (policy: BackoffPolicy, attempt: number, random: () => number = Math.random): number => {
  const ceiling = backoffCeiling(policy, attempt);
  return Math.round(ceiling / 2 + random() * (ceiling / 2));
};
