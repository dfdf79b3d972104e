import { Logger as NestLogger } from '@nestjs/common';

import { runInRequest } from '../http/request-context.js';
import { createLogger, toNestLogger } from './logger.js';
import { renderForTerminal } from './terminal-stream.js';

const capture = (
  level = 'trace',
): {
  readonly logger: ReturnType<typeof createLogger>;
  readonly last: () => Record<string, unknown>;
  readonly lines: string[];
} => {
  const lines: string[] = [];
  const logger = createLogger({ LOG_LEVEL: level }, { write: (line) => void lines.push(line) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown> };
};

describe(createLogger.name, () => {
  it('writes level, time, message and fields as one line of JSON', () => {
    const { logger, last, lines } = capture();
    logger.info({ sessionId: 'default' }, 'session is ready');
    expect(last()).toMatchObject({ level: 'info', sessionId: 'default', msg: 'session is ready' });
    expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(lines).toHaveLength(1);
  });

  it('says nothing below its level', () => {
    const { logger, lines } = capture('info');
    logger.debug('no');
    expect(lines).toEqual([]);
  });

  it('adds the id of the request that the line was written for', () => {
    const { logger, last } = capture();
    runInRequest({ requestId: 'b7d7a0a1-0000-4000-8000-000000000001', ip: '127.0.0.1' }, () => {
      logger.info('inside');
    });
    expect(last()).toMatchObject({ requestId: 'b7d7a0a1-0000-4000-8000-000000000001' });
    logger.info('outside');
    expect(last()).not.toHaveProperty('requestId');
  });

  it('writes what Nest loggers say, with their name, and what Nest says of itself for those who look for it', () => {
    const { logger, last } = capture();
    NestLogger.overrideLogger(toNestLogger(logger));
    new NestLogger('Outbox').warn({ messageId: 'msg_1' }, 'a message waits');
    expect(last()).toMatchObject({ level: 'warn', context: 'Outbox', messageId: 'msg_1', msg: 'a message waits' });
    new NestLogger('InstanceLoader').log('CacheModule dependencies initialized');
    expect(last()).toMatchObject({ level: 'debug', context: 'InstanceLoader' });
    NestLogger.overrideLogger(false);
  });

  it('L1 drops whole members that hold requests and their bodies', () => {
    const { logger, last } = capture();
    logger.info({ headers: { authorization: 'Bearer abc' }, body: { text: 'hello' }, query: { token: 'x' } }, 'asked');
    expect(last()).toMatchObject({ headers: '[redacted]', body: '[redacted]', query: '[redacted]' });
  });

  it('L1 removes secrets out of the errors of libraries, with their causes and stacks', () => {
    const { logger, lines, last } = capture();
    const cause = new Error('connect to postgresql://waypost:hunter2secret@db:5432/waypost failed');
    logger.error({ err: new Error('no database (rediss://:redis-pw@cache:6380)', { cause }) }, 'cannot start');
    expect(lines.join('')).not.toMatch(/hunter2secret|redis-pw/);
    expect(last()).toMatchObject({ err: { type: 'Error', cause: { message: expect.stringContaining('@db:5432') } } });
  });

  it('leaves members of an error out that are not its message, code or stack', () => {
    const { logger, lines } = capture();
    logger.error({ err: Object.assign(new Error('boom'), { code: 'E1', config: { auth: 'planted' } }) }, 'failed');
    expect(lines.join('')).not.toContain('planted');
    expect(lines.join('')).toContain('"code":"E1"');
  });

  it('L3 keeps a line break and a terminal command of a user inside of the line', () => {
    const { logger, lines, last } = capture();
    const forged = 'x\n{"level":"info","msg":"forged"}\r\u001b[2J\u009b31m\u2028';
    logger.info({ name: forged }, forged);
    expect(lines.join('').split('\n')).toHaveLength(2);
    // eslint-disable-next-line no-control-regex -- they must not be there
    expect(lines.join('').trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/);
    expect(last()).toMatchObject({ name: forged, msg: forged });
    // eslint-disable-next-line no-control-regex -- colours are the only commands that a terminal gets
    const shown = renderForTerminal(lines[0] ?? '').replace(/\u001b\[\d+m/g, '');
    // eslint-disable-next-line no-control-regex -- they must not be there
    expect(shown.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/);
  });

  it('shows a line to a person with its fields and the stack of its error', () => {
    const { logger, lines } = capture();
    logger.warn({ sessionId: 'shop', err: new Error('boom') }, 'lost');
    // eslint-disable-next-line no-control-regex -- colours
    const shown = renderForTerminal(lines[0] ?? '').replace(/\u001b\[\d+m/g, '');
    expect(shown).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}lost sessionId=shop\n {4}Error: boom\n {4}at /);
  });
});
