import type { FastifyReply } from 'fastify';

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

const POLICY_ITEMS = new WeakMap<RateLimitPolicy, string>();

/** Kept: every answer of every route says it. */
const policyItem = (policy: RateLimitPolicy): string => {
  const known = POLICY_ITEMS.get(policy);
  if (known !== undefined) return known;
  const { name, quota, windowSeconds } = policy;
  const item = `"${name}";q=${String(quota)};w=${String(windowSeconds)}`;
  POLICY_ITEMS.set(policy, item);
  return item;
};

const stateItem = ({ policy, remaining, resetSeconds }: Verdict): string =>
  `"${policy.name}";r=${String(remaining)};t=${String(resetSeconds)}`;

/** `RateLimit` and `RateLimit-Policy` as draft-ietf-httpapi-ratelimit-headers-11 writes them. */
export const rateLimitHeaders = (verdicts: readonly Verdict[]): Readonly<Record<string, string>> => ({
  'RateLimit-Policy': verdicts.map(({ policy }) => policyItem(policy)).join(', '),
  RateLimit: verdicts.map(stateItem).join(', '),
});

const append = (reply: FastifyReply, name: string, items: string): void => {
  const told = reply.getHeader(name);
  void reply.header(name, typeof told === 'string' && told !== '' ? `${told}, ${items}` : items);
};

/** Puts these limits into the answer, beside those that it names already. */
export const tellLimits = (reply: FastifyReply, verdicts: readonly Verdict[]): void => {
  for (const verdict of verdicts) {
    append(reply, 'ratelimit-policy', policyItem(verdict.policy));
    append(reply, 'ratelimit', stateItem(verdict));
  }
};
