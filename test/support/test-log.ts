import type { LoggerService } from '@nestjs/common';
import { destination } from 'pino';

import { createLogger, toNestLogger } from '../../src/platform/logging/logger.js';

let logger: LoggerService | undefined;

/** The log of the whole test run, at level debug, when the run asked for one; else silence. */
export const testLogger = (): LoggerService | false => {
  const dest = process.env['WAYPOST_TEST_LOG'];
  if (dest === undefined) return false;
  // Written at once: a worker of Jest may end without a word.
  logger ??= toNestLogger(createLogger({ LOG_LEVEL: 'debug' }, destination({ dest, append: true, sync: true })));
  return logger;
};
