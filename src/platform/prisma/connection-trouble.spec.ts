import { isPassingTrouble } from './connection-trouble.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe(isPassingTrouble.name, () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P01', '57P03', '53300', '08006'])(
    'takes %s for something that passes, however deep it is wrapped',
    (code) => {
      const cause = withCode(code);
      expect(isPassingTrouble(cause)).toBe(true);
      expect(isPassingTrouble(new Error('outer', { cause: new Error('middle', { cause }) }))).toBe(true);
      expect(isPassingTrouble(new AggregateError([cause], ''))).toBe(true);
    },
  );

  it.each(['28P01', '3D000', '42501', '42P01', '57014'])('does not wait for %s to pass', (code) => {
    expect(isPassingTrouble(withCode(code))).toBe(false);
  });

  it('knows the words of the driver for a connection that broke', () => {
    expect(isPassingTrouble(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isPassingTrouble(new Error('The database is PostgreSQL 12: version 14 or later is needed.'))).toBe(false);
    expect(isPassingTrouble('a text')).toBe(false);
  });

  it('ends when causes go in a circle', () => {
    const error = new Error('x');
    error.cause = error;
    expect(isPassingTrouble(error)).toBe(false);
  });
});
