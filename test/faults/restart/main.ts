/**
 * Ends the server in the middle of its work and starts it again, by SIGTERM and by kill -9, each as often as it is told:
 *
 *   npm run test:restart -- --times 20 [--engines sandbox,web]
 *
 * No message may be lost or sent twice, no QR asked for, no process left over, and a planned stop may leave nothing
 * uncertain. The web engine needs a Chromium and runs against the simulated page.
 */
import { parseArgs } from 'node:util';

import { findChromium } from '../../wa-web-sim/index.js';
import { type Ending, type RestartEngine, RestartLane } from './restart-lane.js';

const ENGINES: readonly RestartEngine[] = ['sandbox', 'web'];
const ENDINGS: readonly Ending[] = ['SIGTERM', 'SIGKILL'];

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const { values } = parseArgs({
  options: { times: { type: 'string', default: '5' }, engines: { type: 'string' } },
});
const times = Number(values.times);
const wanted = values.engines?.split(',');
let failures = 0;

const fail = (where: string, violations: readonly string[]): void => {
  failures += violations.length;
  for (const violation of violations.slice(0, 10)) say(`${where}: ${violation}`);
};

const median = (numbers: readonly number[]): string =>
  String(Math.round([...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0));

const runEndings = async (engine: RestartEngine, lane: RestartLane): Promise<void> => {
  for (const ending of ENDINGS) {
    const results = [];
    for (let round = 1; round <= times; round += 1) {
      const result = await lane.run(ending, round);
      results.push(result);
      fail(`${engine} ${ending} ${String(round)}`, result.violations);
    }
    const acknowledged = results.reduce((sum, result) => sum + result.acknowledged, 0);
    const faults = results.reduce((sum, result) => sum + result.violations.length, 0);
    say(
      `${engine} ${ending}: ${String(times)} times, ${String(acknowledged)} acknowledged, ${String(faults)} violations, ended in ${median(results.map(({ stopMs }) => stopMs))} ms, READY again in ${median(results.map(({ readyMs }) => readyMs))} ms (medians)`,
    );
  }
};

for (const engine of ENGINES.filter((one) => wanted === undefined || wanted.includes(one))) {
  if (engine === 'web' && findChromium() === null) {
    say('web: skipped, no Chromium was found');
    continue;
  }
  const lane = await RestartLane.open(engine);
  try {
    await runEndings(engine, lane);
    const left = await lane.stop();
    fail(`${engine} at the end`, left);
    say(`${engine}: ${String(left.length)} processes left over`);
  } finally {
    await lane.close();
  }
}
process.exitCode = failures > 0 ? 1 : 0;
