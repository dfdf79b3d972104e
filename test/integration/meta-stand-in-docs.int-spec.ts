import { readFileSync } from 'node:fs';

import { USAGE } from '../../src/meta-stand-in/command-line.js';
import { MetaBench } from '../support/meta-bench.js';

type Json = Record<string, unknown>;

const namesOf = (settings: Json): string[] =>
  Object.entries(settings).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? namesOf(value as Json) : [name],
  );

describe('docs/meta-stand-in.md', () => {
  const text = readFileSync('docs/meta-stand-in.md', 'utf8');
  const refusalOf = async (bench: MetaBench, method: string, path: string, body?: Json): Promise<string> =>
    bench.control(method, path, body).then(
      () => '',
      (error: unknown) => String(error),
    );

  it('has every option, route, fault and setting', async () => {
    const bench = await MetaBench.open();
    const routes = /There is: (?<list>[^.]+)/.exec(await refusalOf(bench, 'GET', 'nothing'))?.groups?.['list'];
    const kinds = /one of (?<list>[^.]+)/.exec(await refusalOf(bench, 'POST', 'faults', { kind: '?' }))?.groups?.[
      'list'
    ];
    const settings = namesOf(await bench.control('GET', 'behaviour'));
    await bench.close();
    const options = [...USAGE.matchAll(/^ {2}(?<name>--[\w-]+)/gm)].map(({ groups }) => groups?.['name'] ?? '');
    const all = [...(routes?.split(', ') ?? []), ...(kinds?.split(', ') ?? []), ...settings, ...options];
    expect(all.length).toBeGreaterThan(70);
    expect(all.filter((name) => !text.includes(name))).toEqual([]);
  });
});
