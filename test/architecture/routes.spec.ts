import { readFileSync, writeFileSync } from 'node:fs';

import { Controller, Get } from '@nestjs/common';
import { format, resolveConfig } from 'prettier';

import { Public, RequirePermissions } from '../../src/modules/access/index.js';
import { renderPermissions } from '../support/permissions-doc.js';
import { routeRules } from '../support/route-rules.js';
import { ROUTE_TABLE } from '../support/route-table.js';

const PAGE = 'docs/permissions.md';

const withoutRule = async (...extra: readonly (new () => object)[]): Promise<readonly string[]> =>
  (await routeRules(...extra)).filter(({ rule }) => rule === undefined).map(({ handler }) => handler);

describe('every route states who may call it', () => {
  it('A1 in the application', async () => {
    expect(await withoutRule()).toEqual([]);
  });

  it('A1 and the check would notice one that does not', async () => {
    @Controller('naked')
    class NakedController {
      @Get()
      get(): string {
        return 'oops';
      }
    }
    expect(await withoutRule(NakedController)).toEqual(['NakedController.get']);
  });

  it('A1 and a rule on the class counts for its routes, one on the route wins', async () => {
    @RequirePermissions('users:manage')
    @Controller('dressed')
    class DressedController {
      @Get('a')
      guarded(): string {
        return 'a';
      }

      @Public()
      @Get('b')
      open(): string {
        return 'b';
      }
    }
    const rules = (await routeRules(DressedController)).filter(({ handler }) => handler.startsWith('Dressed'));
    expect(rules.map(({ route, rule }) => [route, rule?.kind])).toEqual([
      ['GET /dressed/a', 'permissions'],
      ['GET /dressed/b', 'public'],
    ]);
  });

  it('A1 what the reviewed table opens to strangers is what the code opens', async () => {
    const open = (await routeRules()).filter(({ rule }) => rule?.kind === 'public').map(({ route }) => route);
    const reviewed = Object.entries(ROUTE_TABLE)
      .filter(([, { codes }]) => codes.anonymous === codes.VIEWER)
      .map(([route]) => route);
    expect(open).toEqual(reviewed.sort());
  });
});

describe(PAGE, () => {
  it('is what the code says', async () => {
    const options = await resolveConfig(PAGE);
    const text = await format(renderPermissions(await routeRules()), { ...options, filepath: PAGE });
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, text);
    expect(readFileSync(PAGE, 'utf8')).toBe(text);
  });
});
