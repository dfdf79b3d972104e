import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Samples of what Meta sends lie beside the project, or beside the folder that it lies in; they are no part of it. */
const findShared = (folder: string): string | null => {
  const shared = join(folder, 'shared');
  if (existsSync(join(shared, 'payloads'))) return shared;
  const parent = dirname(folder);
  return parent === folder ? null : findShared(parent);
};

const shared = findShared(dirname(process.cwd()));

/** Runs only where the samples are. */
export const describeWithPayloads: jest.Describe = shared === null ? describe.skip : describe;

export interface Sample {
  readonly name: string;
  readonly json: unknown;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** The samples of one folder, such as `inbound`; none where there are no samples. */
export const samplesOf = (folder: string): readonly Sample[] => {
  if (shared === null) return [];
  const path = join(shared, 'payloads', folder);
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name: `${folder}/${name}`, json: readJson(join(path, name)) }));
};

export interface DocumentedError {
  readonly code: string;
  readonly class: string;
  readonly retry: string;
}

/** Every error code that Meta documents, with what it belongs to; none where the list is not. */
export const documentedErrors = (): readonly DocumentedError[] =>
  shared === null ? [] : (readJson(join(shared, 'facts', 'cloud-api-error-codes.json')) as DocumentedError[]);
