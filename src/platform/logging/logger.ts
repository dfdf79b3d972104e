import type { LoggerService } from '@nestjs/common';
import { Logger as NestPinoLogger, PinoLogger } from 'nestjs-pino';
import { destination, type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

import { currentRequest } from '../http/request-context.js';
import { serializeError } from './error-serializer.js';
import { redactLine, REDACTED_PATHS } from './redaction.js';
import { terminalStream } from './terminal-stream.js';

const STDOUT = 1;

/** Lines are handed to the kernel outside of the request that wrote them; what waits is written when the process ends. */
const standardOutput = (): DestinationStream =>
  process.stdout.isTTY ? terminalStream(process.stdout) : destination({ dest: STDOUT, sync: false });

/**
 * The logger of the process: JSON lines on stdout (readable ones on a terminal), each with level, time and the id of
 * the request it was written for, without secrets and with masked phone numbers.
 */
export const createLogger = (
  { LOG_LEVEL }: { readonly LOG_LEVEL: string },
  stream: DestinationStream = standardOutput(),
): Logger =>
  pino(
    {
      level: LOG_LEVEL,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: serializeError, error: serializeError },
      redact: { paths: [...REDACTED_PATHS], censor: '[redacted]' },
      mixin: () => {
        const request = currentRequest();
        return request === undefined ? {} : { requestId: request.requestId };
      },
      hooks: { streamWrite: redactLine },
    },
    stream,
  );

/** What Nest says of each module and route at a start: true, and of no use to whoever runs the server. */
const NEST_ITSELF = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

class QuietNestLogger extends NestPinoLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (NEST_ITSELF.has(String(rest.at(-1)))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }
}

/** The same logger for `NestFactory.create(..., { logger })`; every `new Logger(name)` of Nest then writes through it. */
export const toNestLogger = (logger: Logger): LoggerService => {
  const params = { pinoHttp: { logger, wrapSerializers: false } };
  return new QuietNestLogger(new PinoLogger(params), params);
};
