import { DriverAdapterError } from '@prisma/driver-adapter-utils';

import { Prisma } from '../../generated/prisma/client.js';
import { DatabaseUnavailableError } from './database.errors.js';
import { isAnswerLost, isDatabaseAway, toDatabaseError } from './prisma-errors.js';

const raw = (message: string): Error =>
  new Prisma.PrismaClientKnownRequestError(`Raw query failed. Code: \`N/A\`. Message: \`${message}\``, {
    ...{ code: 'P2010', clientVersion: '7' },
  });

describe('an error of the database', () => {
  it('is an outage when a statement of our own finds nobody, and then nothing was asked', () => {
    const error = raw("Can't reach database server at 127.0.0.1:5432");
    expect(isDatabaseAway(error)).toBe(true);
    expect(isAnswerLost(error)).toBe(false);
    expect(toDatabaseError(error)).toBeInstanceOf(DatabaseUnavailableError);
  });

  it('is an outage with an unknown end when the connection breaks', () => {
    const error = raw('Connection terminated unexpectedly');
    expect(isDatabaseAway(error)).toBe(true);
    expect(isAnswerLost(error)).toBe(true);
  });

  it.each([
    ['the connection of a transaction is closed under it', new DriverAdapterError({ kind: 'ConnectionClosed' })],
    ['it answers too late inside of a transaction', new DriverAdapterError({ kind: 'SocketTimeout' })],
    [
      'the connection has failed before the statement',
      new Error('Client has encountered a connection error and is not queryable'),
    ],
  ])('is an outage with an unknown end when %s', (_what, error) => {
    expect(isDatabaseAway(error)).toBe(true);
    expect(isAnswerLost(error)).toBe(true);
    expect(toDatabaseError(error)).toBeInstanceOf(DatabaseUnavailableError);
  });

  it('is an outage when a transaction finds nobody, and then nothing was asked', () => {
    const error = new DriverAdapterError({ kind: 'DatabaseNotReachable' });
    expect(isDatabaseAway(error)).toBe(true);
    expect(isAnswerLost(error)).toBe(false);
  });

  it('is handed back as it is when it is none of these', () => {
    const error = raw('syntax error at or near "SELEC"');
    expect(toDatabaseError(error)).toBe(error);
  });
});
