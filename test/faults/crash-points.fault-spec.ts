import { CHECKPOINTS } from '../../src/platform/lifecycle/checkpoints.js';
import { describeWithChromium } from '../support/web-engine-bench.js';
import { CrashLane } from './crash/crash-lane.js';

/** What is behind the claim is another on each engine; what is before it is the same on all. */
const POINTS_ON_WEB = ['K4', 'K5', 'K6', 'K7', 'K8', 'K9', 'K10'] as const;
/** A taste of `npm run test:crash -- --seeds N`, which kills the server as often as it is told to. */
const SEEDS = [1, 2];

describe('F1 kill -9 at each step of a send', () => {
  let lane: CrashLane;

  beforeAll(async () => {
    lane = await CrashLane.open();
  });

  afterAll(() => lane.close());

  it.each(CHECKPOINTS.flatMap((point) => SEEDS.map((seed) => [point, seed] as const)))(
    '%s seed %d: nothing acknowledged is lost, nothing is sent twice, and no status lies (F1, F2)',
    async (point, seed) => {
      const { acknowledged, messages, violations } = await lane.run(point, seed);
      expect(violations).toEqual([]);
      expect(messages).toBeGreaterThanOrEqual(acknowledged);
    },
    90_000,
  );
});

describe('F1 kill -9 with a PostgreSQL of its own', () => {
  it('F1 takes its database over and goes on, at three of the steps', async () => {
    const lane = await CrashLane.open({ isEmbedded: true });
    try {
      for (const point of ['K1', 'K7', 'K9'] as const) {
        expect((await lane.run(point, 1)).violations).toEqual([]);
      }
    } finally {
      await lane.close();
    }
  }, 120_000);
});

describeWithChromium('F1 kill -9 at each step of a send on WhatsApp Web', () => {
  let lane: CrashLane;

  beforeAll(async () => {
    lane = await CrashLane.open({ engine: 'web' });
  }, 60_000);

  afterAll(() => lane.close());

  it.each(POINTS_ON_WEB)(
    '%s: nothing acknowledged is lost, nothing is sent twice, and no status lies (F1)',
    async (point) => {
      expect((await lane.run(point, 1)).violations).toEqual([]);
    },
    90_000,
  );
});
