import { MixedRun } from './mixed/mixed-run.js';

/** Two minutes; `npm run test:load` is ten. */
const DURATION_MS = 120_000;
const SEED = Number(process.env['MIXED_LOAD_SEED'] ?? Date.now() % 1_000_000);

describe('a load of everything with a fault every ten seconds', () => {
  it(`F9: nothing is lost, nothing is sent twice, memory and descriptors stay (MIXED_LOAD_SEED=${String(SEED)})`, async () => {
    const run = await MixedRun.open(SEED);
    try {
      const { faults, strikes, messages } = await run.run(DURATION_MS);
      expect(faults).toEqual([]);
      expect(Object.values(strikes).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(8);
      expect(messages).toBeGreaterThan(500);
    } finally {
      await run.close();
    }
  }, 400_000);
});
