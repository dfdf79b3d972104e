import { readCommandLine, USAGE } from './command-line.js';
import { MetaStandIn } from './meta-stand-in.js';

const EXIT_USAGE = 2;

const main = async (): Promise<void> => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return;
  }
  const standIn = await MetaStandIn.listen(readCommandLine(args, process.env));
  process.stdout.write(`${standIn.describe()}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void standIn.close();
    });
  }
};

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n--help shows the options.\n`);
  process.exitCode = EXIT_USAGE;
}
