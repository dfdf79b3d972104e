import { StorageConfig, sliceEnv } from '../config/config.slices.js';
import { parseEnv } from '../config/env.js';
import { readSessionMemory } from '../modules/engines/index.js';
import { describeMemory } from './sessions-memory-table.js';

const USAGE = `Usage: npm run sessions:memory -- [--json]

  Tells how much memory the browser of each session takes (PSS: shared pages are counted in parts).
`;
const EXIT_USAGE = 2;

const main = (): number => {
  const words = process.argv.slice(2);
  if (words.some((word) => word !== '--json')) {
    process.stderr.write(USAGE);
    return EXIT_USAGE;
  }
  if (process.platform !== 'linux') {
    process.stderr.write('The memory of a session is read from /proc/PID/smaps_rollup, which only Linux has.\n');
    return 1;
  }
  const slices = sliceEnv(parseEnv(process.env), { url: '', ownerUrl: '' });
  const { sessionPath } = slices.find(({ provide }) => provide === StorageConfig)?.useValue as StorageConfig;
  const sessions = readSessionMemory(sessionPath);
  process.stdout.write(words.length > 0 ? `${JSON.stringify(sessions)}\n` : `${describeMemory(sessions)}\n`);
  return 0;
};

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
