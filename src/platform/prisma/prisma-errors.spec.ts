import { Prisma } from '../../generated/prisma/client.js';
import { DatabaseUnavailableError } from './database.errors.js';
import { isAnswerLost, isDatabaseAway, toDatabaseError } from './prisma-errors.js';

const raw = (message: string): Error =>
  new Prisma.PrismaClientKnownRequestError(`Raw query failed. Code: \`N/A\`. Message: \`${message}\``, {
    ...{ code: 'P2010', clientVersion: '7' },
  });

describe('an error of the database', () => {
  it.each([
    "Can't reach database server at 127.0.0.1:5432",
    'Client has encountered a connection error and is not queryable',
  ])('is an outage when a statement of our own finds nobody, and then nothing was asked: %s', (message) => {
    const error = raw(message);
    expect(isDatabaseAway(error)).toBe(true);
    expect(isAnswerLost(error)).toBe(false);
    expect(toDatabaseError(error)).toBeInstanceOf(DatabaseUnavailableError);
  });

  it('is an outage with an unknown end when the connection breaks', () => {
    const error = raw('Connection terminated unexpectedly');
    expect(isDatabaseAway(error)).toBe(true);
    expect(isAnswerLost(error)).toBe(true);
  });

  it('is handed back as it is when it is none of these', () => {
    const error = raw('syntax error at or near "SELEC"');
    expect(toDatabaseError(error)).toBe(error);
  });
});
