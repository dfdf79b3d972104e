import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { Query } from './invariants.js';

const filesBelow = async (directory: string): Promise<readonly string[]> => {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
};

/** Of an installation that keeps its files on disk and has stopped: no row without its file, no file without a row. */
export const findMediaFaults = async (query: Query, dataDir: string): Promise<readonly string[]> => {
  const rows = await query<{ sha256: string }>('SELECT DISTINCT sha256 FROM media');
  const known = new Set(rows.map(({ sha256 }) => sha256));
  const blobs = (await filesBelow(join(dataDir, 'media', 'blobs'))).map((path) => basename(path));
  const arriving = await filesBelow(join(dataDir, 'media', 'incoming'));
  return [
    ...[...known].filter((sha256) => !blobs.includes(sha256)).map((sha256) => `the file ${sha256} is not there`),
    ...blobs.filter((name) => !known.has(name)).map((name) => `nothing refers to the file ${name}`),
    ...arriving.map((path) => `half a file was left behind: ${basename(path)}`),
  ];
};
