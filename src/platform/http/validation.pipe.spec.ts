import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';

import { InvalidRequestError } from './http.errors.js';
import { RequestValidationPipe } from './validation.pipe.js';

class Inner {
  @IsString()
  readonly name: string;
}

class Outer {
  @IsInt()
  readonly count: number;

  @ValidateNested({ each: true })
  @Type(() => Inner)
  readonly parts: Inner[];
}

const violationsOf = async (value: unknown, type: 'body' | 'query' | 'param' = 'body'): Promise<readonly string[]> => {
  const refusal: unknown = await new RequestValidationPipe()
    .transform(value, { type, metatype: Outer })
    .catch((error: unknown) => error);
  if (!(refusal instanceof InvalidRequestError)) return [];
  return (refusal.extensions['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
};

describe(RequestValidationPipe.name, () => {
  it('lets through what is right, as the class that was asked for', async () => {
    const value = await new RequestValidationPipe().transform(
      { count: 1, parts: [{ name: 'a' }] },
      { type: 'body', metatype: Outer },
    );
    expect(value).toBeInstanceOf(Outer);
  });

  it('names every bad field at once, however deep', async () => {
    const bad = { count: 'x', parts: [{ name: 'a' }, { name: 7, extra: 1 }], more: true };
    expect((await violationsOf(bad)).toSorted()).toEqual(
      ['#/count', '#/more', '#/parts/1/extra', '#/parts/1/name'].toSorted(),
    );
  });

  it('points into the part of the request that is wrong', async () => {
    expect(await violationsOf({ other: 1, count: 1, parts: [] }, 'query')).toEqual(['?other']);
    expect(await violationsOf({ other: 1, count: 1, parts: [] }, 'param')).toEqual(['{other}']);
  });

  it.each([['toString'], ['constructor'], ['hasOwnProperty'], ['valueOf']])(
    'I2 refuses a field that every object inherits: %s',
    async (key) => {
      expect(await violationsOf({ count: 1, parts: [], [key]: 'x' })).toEqual([`#/${key}`]);
    },
  );

  it.each([[[]], ['text'], [7], [true]])('refuses the body %j', async (body) => {
    expect(await violationsOf(body)).toEqual(['#']);
  });

  it('names the required fields of a body that did not come', async () => {
    expect(await violationsOf(undefined)).toEqual(expect.arrayContaining(['#/count']));
  });
});
