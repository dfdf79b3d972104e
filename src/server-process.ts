import { describeStart } from './banner.js';
import { createLogger, toNestLogger } from './platform/logging/logger.js';
import { InvalidEnvironmentError, parseEnv } from './config/env.js';
import { type RunningWaypost, startWaypost, type WaypostOptions } from './bootstrap.js';
import { containWebRejections } from './modules/engines/index.js';

/** sysexits.h EX_CONFIG: the environment is not usable. */
const EXIT_CONFIG = 78;
const EXIT_FAILURE = 1;
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** One press of Ctrl-C may arrive twice, from the terminal and from a parent. */
const SAME_PRESS_MS = 500;

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Runs the server as this process: signals, exit codes, and one sentence for whatever stops it from starting. */
export const runServer = async (options: Omit<WaypostOptions, 'log' | 'nestLogger'>): Promise<void> => {
  let running: RunningWaypost | undefined;
  let firstSignalAt: number | undefined;
  const fail = (error: unknown, code = EXIT_FAILURE): void => {
    process.stderr.write(`${sentenceOf(error)}\n`);
    void (running?.stop() ?? Promise.resolve()).finally(() => process.exit(code));
  };
  const end = (): void => {
    const now = performance.now();
    if (firstSignalAt !== undefined) {
      // The second signal means: at once. The guardian of the embedded PostgreSQL and Chromium's pipe clean up after us.
      if (now - firstSignalAt > SAME_PRESS_MS) process.exit(EXIT_FAILURE);
      return;
    }
    firstSignalAt = now;
    void starting.finally(async () => {
      await running?.stop();
      process.exit(0);
    });
  };
  for (const signal of SIGNALS) process.on(signal, end);
  // The script that started us was killed and can hand no signal on.
  process.on('disconnect', end);

  const start = async (): Promise<void> => {
    const env = parseEnv(options.environment);
    const logger = createLogger(env);
    containWebRejections((reason) => {
      logger.warn({ err: reason }, 'a promise inside whatsapp-web.js was rejected and nobody listened');
    });
    running = await startWaypost({ ...options, log: logger, nestLogger: toNestLogger(logger) });
    const { app, url, started } = running;
    started.then(async () => {
      const lines = await describeStart(app, url);
      if (process.stdout.isTTY) process.stdout.write(`\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
      else for (const line of lines) logger.info(line);
    }, fail);
  };
  const starting = start().catch((error: unknown) => {
    fail(error, error instanceof InvalidEnvironmentError ? EXIT_CONFIG : EXIT_FAILURE);
  });
  await starting;
};
