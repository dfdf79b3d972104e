import 'reflect-metadata';

import { plainToInstance } from 'class-transformer';

import { toDate } from './query-fields.js';

class Query {
  @toDate
  readonly since?: Date;
}

const read = (since: string): Date | undefined => plainToInstance(Query, { since }).since;

describe('times of a request', () => {
  it.each([
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2030-12-31T23:30:00-03:00', '2031-01-01T02:30:00.000Z'],
    ['2030-01-31T00:15:00.5+14:00', '2030-01-30T10:15:00.500Z'],
  ])('reads %s', (text, expected) => {
    expect(read(text)?.toISOString()).toBe(expected);
  });

  it.each([
    '2030-02-30',
    '2030-02-29T00:00:00Z',
    '2030-04-31T12:00:00+02:00',
    '2030-00-10',
    '2030-01-01T00:00:00',
    'x',
  ])('refuses %s', (text) => {
    expect(read(text)?.getTime()).toBeNaN();
  });
});
