import fc from 'fast-check';

import { backoffCeiling, backoffDelay, type BackoffPolicy } from './backoff.js';

const policies = fc
  .record({
    baseMs: fc.integer({ min: 1, max: 60_000 }),
    extraMs: fc.integer({ min: 0, max: 3_600_000 }),
    factor: fc.double({ min: 1, max: 4, noNaN: true }),
  })
  .map(({ baseMs, extraMs, factor }): BackoffPolicy => ({ baseMs, maxMs: baseMs + extraMs, factor }));
const attempts = fc.integer({ min: 1, max: 10_000 });
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe(backoffCeiling.name, () => {
  it('begins with the base, never falls and never passes the maximum', () => {
    fc.assert(
      fc.property(policies, attempts, (policy, attempt) => {
        expect(backoffCeiling(policy, 1)).toBe(policy.baseMs);
        expect(backoffCeiling(policy, attempt + 1)).toBeGreaterThanOrEqual(backoffCeiling(policy, attempt));
        expect(backoffCeiling(policy, attempt)).toBeLessThanOrEqual(policy.maxMs);
      }),
    );
  });

  it.each([
    [1, 2000],
    [2, 4000],
    [3, 8000],
    [4, 16_000],
    [5, 20_000],
    [10_000, 20_000],
  ])('is for try %i at most %i ms', (attempt, ceiling) => {
    expect(backoffCeiling({ baseMs: 2000, maxMs: 20_000, factor: 2 }, attempt)).toBe(ceiling);
  });
});

describe(backoffDelay.name, () => {
  it('lies in the upper half of the ceiling, whatever chance says', () => {
    fc.assert(
      fc.property(policies, attempts, chances, (policy, attempt, chance) => {
        const delay = backoffDelay(policy, attempt, () => chance);
        const ceiling = backoffCeiling(policy, attempt);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(ceiling / 2));
        expect(delay).toBeLessThanOrEqual(Math.ceil(ceiling));
      }),
    );
  });

  it('keeps many sessions from coming back together', () => {
    const policy = { baseMs: 2000, maxMs: 300_000, factor: 2 };
    const delays = new Set(Array.from({ length: 200 }, () => backoffDelay(policy, 5)));
    expect(delays.size).toBeGreaterThan(150);
  });
});
