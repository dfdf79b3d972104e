import { setTimeout as sleep } from 'node:timers/promises';

import { Logger } from '@nestjs/common';

import { type Finding, HealthIndicators } from './health-indicators.js';

const WELL: Finding = { isWell: true };
const said: string[] = [];

/** Older than this, the last answer is not given again. */
const untilStale = (): Promise<void> => sleep(520);

beforeAll(() => {
  const listen = (_fields: unknown, sentence: unknown): void => void said.push(String(sentence));
  Logger.overrideLogger({ log: listen, warn: listen, error: listen });
});

afterAll(() => {
  Logger.overrideLogger(false);
});

beforeEach(() => {
  said.length = 0;
});

describe(HealthIndicators.name, () => {
  it.each([
    [[], 'ready'],
    [[{ critical: true, isWell: true }], 'ready'],
    [[{ critical: false, isWell: false }], 'degraded'],
    [
      [
        { critical: true, isWell: false },
        { critical: false, isWell: false },
      ],
      'not-ready',
    ],
  ])('of %j makes %s', async (components, status) => {
    const indicators = new HealthIndicators();
    for (const [place, { critical, isWell }] of components.entries()) {
      const finding: Finding = isWell ? WELL : { isWell: false, sentence: 'It is broken.' };
      indicators.register(`c${String(place)}`, { critical, check: () => finding });
    }
    expect((await indicators.report()).status).toBe(status);
  });

  it('says once that a component fails, and once that it is well again', async () => {
    let finding: Finding = WELL;
    const indicators = new HealthIndicators();
    indicators.register('oven', { critical: true, check: () => finding });
    for (const next of [WELL, { isWell: false, sentence: 'The oven is cold.' } as const]) {
      finding = next;
      await indicators.report();
      await untilStale();
      await indicators.report();
      await untilStale();
    }
    expect(said).toEqual(['The oven is cold.']);
    finding = WELL;
    await indicators.report();
    expect(said).toEqual(['The oven is cold.', 'The oven is well again.']);
  });

  it('takes a component that throws for one that fails, and tells nothing of what it threw', async () => {
    const indicators = new HealthIndicators();
    indicators.register('oven', {
      critical: true,
      check: () => {
        throw new Error('planted');
      },
    });
    const report = await indicators.report();
    expect(report.status).toBe('not-ready');
    expect(JSON.stringify(report)).not.toContain('planted');
  });

  it('waits three seconds for a component that hangs, and not for each caller anew', async () => {
    const indicators = new HealthIndicators();
    let calls = 0;
    indicators.register('oven', {
      critical: false,
      check: () => {
        calls += 1;
        return new Promise<Finding>(() => undefined);
      },
    });
    const early = Array.from({ length: 50 }, () => indicators.report());
    await untilStale();
    const reports = await Promise.all([...early, ...Array.from({ length: 50 }, () => indicators.report())]);
    expect(calls).toBe(1);
    expect(reports[99]?.components[0]?.finding).toEqual({
      isWell: false,
      sentence: 'The oven did not answer within 3 seconds.',
    });
  });
});
