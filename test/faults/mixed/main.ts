/**
 * Minutes of mixed load on the sandbox with a fault every ten seconds: PostgreSQL restarted or crashed, Redis flushed or
 * restarted, the process killed or stopped. Then nothing may be lost, sent twice or told wrongly:
 *
 *   npm run test:load -- [--minutes 10] [--seed 17]
 */
import { parseArgs } from 'node:util';

import { MixedRun } from './mixed-run.js';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: String(Date.now() % 1e6) } },
});
const run = await MixedRun.open(Number(values.seed));
try {
  const { faults, ...figures } = await run.run(Number(values.minutes) * 60_000);
  process.stdout.write(`seed ${values.seed}: ${JSON.stringify(figures, null, 2)}\n`);
  for (const fault of faults.slice(0, 30)) process.stdout.write(`  ${fault}\n`);
  process.stdout.write(`${String(faults.length)} faults\n`);
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  await run.close();
}
