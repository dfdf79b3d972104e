/** How many of something one key may do in a window; the name is public, in the `RateLimit` headers. */
export interface RateLimitPolicy {
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
}

/** What a limiter said to one try. */
export interface Verdict {
  readonly policy: RateLimitPolicy;
  readonly isAllowed: boolean;
  readonly remaining: number;
  /** Until the quota is whole again. */
  readonly resetSeconds: number;
}

/** The verdict that a caller should heed most: a refusal, else the one with the least left. */
export const strictest = (verdicts: readonly [Verdict, ...Verdict[]]): Verdict =>
  verdicts.reduce((a, b) => {
    if (a.isAllowed !== b.isAllowed) return a.isAllowed ? b : a;
    return b.remaining < a.remaining ? b : a;
  });

/** `RateLimit` and `RateLimit-Policy` as draft-ietf-httpapi-ratelimit-headers-11 writes them. */
export const rateLimitHeaders = (verdicts: readonly Verdict[]): Readonly<Record<string, string>> => ({
  'RateLimit-Policy': verdicts
    .map(({ policy }) => `"${policy.name}";q=${String(policy.quota)};w=${String(policy.windowSeconds)}`)
    .join(', '),
  RateLimit: verdicts
    .map(({ policy, remaining, resetSeconds }) => `"${policy.name}";r=${String(remaining)};t=${String(resetSeconds)}`)
    .join(', '),
});
