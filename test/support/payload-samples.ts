import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const HOME = resolve(process.env['PAYLOAD_SAMPLES'] ?? join('..', 'shared', 'payloads'));

export const hasSamples = (): boolean => existsSync(HOME);

export interface Sample {
  readonly name: string;
  readonly value: unknown;
}

/** Samples of what Meta sends and takes, where they lie beside the project. */
export const samplesOf = (pattern: string): Sample[] =>
  globSync(join(HOME, pattern))
    .sort()
    .map((path) => ({ name: basename(path, '.json'), value: JSON.parse(readFileSync(path, 'utf8')) as unknown }));

/** Every place in a value with the type that stands there, as `statuses[].id string`. */
export const shapeOf = (value: unknown, place = ''): string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => shapeOf(item, `${place}[]`));
  if (typeof value !== 'object' || value === null) return [`${place} ${value === null ? 'null' : typeof value}`];
  return Object.entries(value).flatMap(([name, member]) => shapeOf(member, place === '' ? name : `${place}.${name}`));
};

/** What no sample has: a key that Meta does not send, or one of another type. */
export const strangeIn = (value: unknown, samples: readonly Sample[]): string[] => {
  const known = new Set(samples.flatMap((sample) => shapeOf(sample.value)));
  return [...new Set(shapeOf(value))].filter((place) => !known.has(place));
};
