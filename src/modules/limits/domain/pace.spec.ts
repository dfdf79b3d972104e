import fc from 'fast-check';

import { drawDelay, isPaced, nextSend, type PaceRules, remembered, windowMsOf } from './pace.js';

const WEB: PaceRules = { minDelayMs: 2000, maxDelayMs: 10_000, perMinute: 20, perDay: 1000 };
const MINUTE = 60_000;
const DAY = 86_400_000;

/** Sends as fast as the rules let it, and answers when each left. */
const run = (rules: PaceRules, count: number, delays: () => number): number[] => {
  const sent: number[] = [];
  for (let i = 0; i < count; i += 1) {
    sent.push(nextSend(rules, { dueAtMs: 0, delayMs: delays() }, sent).untilMs);
  }
  return sent;
};

const most = (sent: readonly number[], windowMs: number): number =>
  Math.max(...sent.map((start) => sent.filter((at) => at >= start && at < start + windowMs).length));

describe('pace', () => {
  it('S1.2 draws a pause between the two, both included', () => {
    expect(drawDelay(WEB, () => 0)).toBe(2000);
    expect(drawDelay(WEB, () => 0.999_999_999)).toBe(10_000);
    expect(isPaced({ minDelayMs: 0, maxDelayMs: 0, perMinute: null, perDay: null })).toBe(false);
  });

  it('pauses after the message before, and after it became due', () => {
    expect(nextSend(WEB, { dueAtMs: 100, delayMs: 5 }, []).untilMs).toBe(105);
    expect(nextSend(WEB, { dueAtMs: 100, delayMs: 5 }, [200]).untilMs).toBe(205);
  });

  it('never lets more through any minute and any day than the ceilings say, whatever the pauses', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 60, maxLength: 60 }),
        (perMinute, perDay, delays) => {
          const rules = { minDelayMs: 0, maxDelayMs: 20_000, perMinute, perDay };
          const sent = run(rules, delays.length, () => delays.pop() ?? 0);
          expect(most(sent, MINUTE)).toBeLessThanOrEqual(perMinute);
          expect(most(sent, DAY)).toBeLessThanOrEqual(perDay);
        },
      ),
    );
  });

  it('names the ceiling that makes it wait', () => {
    const rules = { ...WEB, minDelayMs: 0, maxDelayMs: 0, perMinute: 2, perDay: 3 };
    expect(nextSend(rules, { dueAtMs: 0, delayMs: 0 }, [10, 20])).toEqual({
      untilMs: 10 + MINUTE,
      ceiling: 'per-minute',
    });
    expect(nextSend(rules, { dueAtMs: 0, delayMs: 0 }, [10, 20, 30])).toEqual({
      untilMs: 10 + DAY,
      ceiling: 'per-day',
    });
    expect([windowMsOf('per-minute'), windowMsOf('per-day')]).toEqual([MINUTE, DAY]);
  });

  it('looks at as many of the last sends as the higher ceiling, and they are enough', () => {
    const rules = { ...WEB, minDelayMs: 0, maxDelayMs: 0, perMinute: 3, perDay: 7 };
    expect(remembered(rules)).toBe(7);
    expect(remembered({ ...rules, perMinute: null, perDay: null })).toBe(1);
    const sent = run(rules, 40, () => 0);
    const next = { dueAtMs: 0, delayMs: 0 };
    expect(nextSend(rules, next, sent.slice(-7))).toEqual(nextSend(rules, next, sent));
  });
});
