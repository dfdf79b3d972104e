import { rateLimitHeaders, strictest, type Verdict } from './rate-limit.js';

const verdict = (name: string, remaining: number, isAllowed = true): Verdict => ({
  policy: { name, quota: 10, windowSeconds: 900 },
  isAllowed,
  remaining,
  resetSeconds: 60,
});

describe('rate limits', () => {
  it('the strictest verdict is a refusal, else the one with the least left', () => {
    expect(strictest([verdict('a', 5), verdict('b', 3)]).policy.name).toBe('b');
    expect(strictest([verdict('a', 0), verdict('b', 3, false)]).policy.name).toBe('b');
    expect(strictest([verdict('a', 0, false), verdict('b', 3)]).policy.name).toBe('a');
  });

  it('are told as the draft writes them', () => {
    expect(rateLimitHeaders([verdict('account', 3), verdict('network', 7)])).toEqual({
      'RateLimit-Policy': '"account";q=10;w=900, "network";q=10;w=900',
      RateLimit: '"account";r=3;t=60, "network";r=7;t=60',
    });
  });
});
