import { globSync, readFileSync } from 'node:fs';

import { renderEnvExample } from '../../src/config/env.js';
import { STATUS_BY_KIND } from '../../src/platform/http/problem-details.filter.js';
import type { ErrorKind } from '../../src/kernel/errors/app-error.js';
import { definedEvents } from '../support/event-definitions.js';

const ERROR = /readonly code = '(?<code>[a-z-]+)';\s+readonly kind(?:: ErrorKind)? = '(?<kind>[a-z-]+)'/g;

const sources = (): readonly string[] => globSync('src/**/*.ts').filter((file) => !file.endsWith('.spec.ts'));

const statusByCode = (): Record<string, number> => {
  const found = sources().flatMap((file) => [...readFileSync(file, 'utf8').matchAll(ERROR)]);
  const pairs = found.map(({ groups }) => [groups?.['code'] ?? '', STATUS_BY_KIND[groups?.['kind'] as ErrorKind]]);
  const codes = pairs.map(([code]) => code);
  expect(codes.filter((code, place) => codes.indexOf(code) !== place)).toEqual([]);
  return Object.fromEntries(pairs) as Record<string, number>;
};

/** `## name` and what follows, up to the next one. */
const sections = (file: string): readonly (readonly [string, string])[] =>
  readFileSync(file, 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end).trim(), section.slice(end).trim()] as const;
    });

const fieldsIn = (section: string): Record<string, string> =>
  Object.fromEntries(
    [...section.matchAll(/^\| `(?<field>\w+)` +\| `(?<type>.+?)` +\| \S/gm)].map(({ groups }) => [
      groups?.['field'] ?? '',
      (groups?.['type'] ?? '').replaceAll('\\|', '|'),
    ]),
  );

describe('docs/errors.md', () => {
  it('describes every error code with its status, each once, and no other', () => {
    const described = sections('docs/errors.md').map(([code, text]) => [
      code,
      Number(/^\d{3}(?=\. \S)/.exec(text)?.[0]),
    ]);
    expect(described).toEqual(Object.entries(statusByCode()).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

  it('would notice an error that is declared outside of an errors file', () => {
    const outside = sources()
      .filter((file) => !file.endsWith('.errors.ts'))
      .filter((file) => readFileSync(file, 'utf8').includes(' extends AppError '));
    expect(outside).toEqual([]);
  });
});

describe('docs/events.md', () => {
  it('describes every event with the fields of its data, each once, and no other', () => {
    const described = sections('docs/events.md').map(([name, text]) => ({ name, fields: fieldsIn(text) }));
    const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);
    expect(described.sort(byName)).toEqual([...definedEvents()].sort(byName));
  });
});

describe('.env.example', () => {
  it('is what the checked environment says', () => {
    expect(readFileSync('.env.example', 'utf8')).toBe(renderEnvExample());
  });
});
