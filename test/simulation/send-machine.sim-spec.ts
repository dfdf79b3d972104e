import { Logger } from '@nestjs/common';
import fc from 'fast-check';

import { history, type History } from './history.js';
import { findBroken, findUnsettled } from './promises.js';
import { World } from './world.js';

/** Histories of one run; as many as the time allows by hand. */
const HISTORIES = Number(process.env['SIMULATION_HISTORIES'] ?? 20_000);
/** The same histories each time, so that nobody is stopped by what somebody else has broken; `any` searches anew. */
const EVERY_DAY = '2099865163';
/** `seed` or `seed:path`, as a failure prints it. */
const [SEED, PATH] = (process.env['SIMULATION_SEED'] ?? EVERY_DAY).split(':');

const live = async ({ seed, happenings }: History): Promise<readonly string[]> => {
  const world = new World(seed);
  try {
    await world.begin();
    for (const happening of happenings) {
      await world.apply(happening);
      const broken = findBroken(world);
      if (broken.length > 0) return broken;
    }
    await world.rest();
    return [...findBroken(world), ...findUnsettled(world)];
  } finally {
    world.end();
  }
};

describe('sends, acknowledgements and leases on a virtual clock', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it(`keep the promises in ${String(HISTORIES)} histories`, async () => {
    const seed = SEED === 'any' ? Date.now() % 2 ** 31 : Number(SEED);
    const replay = PATH === undefined ? {} : { path: PATH, endOnFailure: true };
    const property = fc.asyncProperty(history, async (one) => {
      expect(await live(one)).toEqual([]);
    });
    const outcome = await fc.check(property, { seed, numRuns: HISTORIES, ...replay });
    if (outcome.failed) {
      const { counterexamplePath, counterexample, errorInstance, numRuns } = outcome;
      throw new Error(
        `History ${String(numRuns)} breaks a promise. Again: SIMULATION_SEED=${String(seed)}:${counterexamplePath ?? ''}\n` +
          `${JSON.stringify(counterexample)}\n${String((errorInstance as Error | null)?.message)}`,
      );
    }
  }, 600_000);
});
