/**
 * Kills the server at each step of a send (K0 to K13 of docs/checks.md), once a seed, starts it again and checks that
 * no message was lost, none was sent twice and no status lies:
 *
 *   npm run test:crash -- --seeds 20 [--points K0,K5] [--seed 17] [--embedded] [--engine web] [--jobs 2]
 *
 * `--seed` runs that one alone; `--embedded` lets the server bring its own PostgreSQL; `--engine web` sends
 * through Chromium, where each server brings its own PostgreSQL as well. A seed that fails is printed
 * with the command that repeats it.
 */
import { parseArgs } from 'node:util';

import { type Checkpoint, CHECKPOINTS } from '../../../src/platform/lifecycle/checkpoints.js';
import { CrashLane } from './crash-lane.js';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    seed: { type: 'string' },
    points: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    embedded: { type: 'boolean', default: false },
    engine: { type: 'string', default: 'sandbox' },
  },
});
const isEmbedded = values.embedded;
const wanted = values.points?.split(',');
const isWeb = values.engine === 'web';
/** Before the claim it is the same on every engine. */
const ON_WEB: readonly Checkpoint[] = ['K4', 'K5', 'K6', 'K7', 'K8', 'K9', 'K10'];
const points = (isWeb ? ON_WEB : CHECKPOINTS).filter((point) => wanted?.includes(point) ?? true);
const seeds =
  values.seed === undefined
    ? Array.from({ length: Number(values.seeds) }, (_, index) => index + 1)
    : [Number(values.seed)];
const failures: string[] = [];

const report = (point: Checkpoint, seed: number, violations: readonly string[]): void => {
  const command = `npm run test:crash -- --points ${point} --seed ${String(seed)}${isEmbedded ? ' --embedded' : ''}${isWeb ? ' --engine web' : ''}`;
  failures.push(command);
  say(`${point} seed ${String(seed)}:`);
  for (const violation of violations.slice(0, 10)) say(`  ${violation}`);
};

const openLane = (): Promise<CrashLane> => CrashLane.open({ isEmbedded, engine: isWeb ? 'web' : 'sandbox' });

/** Stops at the first seed that fails: what is wrong in its database would be found again by every later one. */
const runSeeds = async (point: Checkpoint, lane: CrashLane): Promise<string> => {
  const began = performance.now();
  const total = { kills: 0, messages: 0, acknowledged: 0, violations: 0 };
  for (const seed of seeds) {
    // A lane that breaks has told of its own point only: the others go on.
    const { messages, acknowledged, violations } = await lane.run(point, seed).catch((error: unknown) => ({
      ...{ messages: 0, acknowledged: 0, violations: [String(error)] },
    }));
    total.kills += 1;
    total.messages += messages;
    total.acknowledged += acknowledged;
    total.violations += violations.length;
    if (violations.length > 0) {
      report(point, seed, violations);
      break;
    }
  }
  const each = ((performance.now() - began) / 1000 / total.kills).toFixed(2);
  return `${point}: ${String(total.kills)} kills, ${String(total.messages)} sent, ${String(total.acknowledged)} acknowledged, ${String(total.violations)} violations, ${each} s each`;
};

const work = async (waiting: Checkpoint[]): Promise<void> => {
  for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
    const lane = await openLane();
    try {
      say(await runSeeds(point, lane));
    } finally {
      await lane.close();
    }
  }
};

const waiting = [...points];
await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, () => work(waiting)));
if (failures.length > 0) {
  say(`\nFailed; one seed repeats each:\n${failures.map((command) => `  ${command}`).join('\n')}`);
  process.exitCode = 1;
}
