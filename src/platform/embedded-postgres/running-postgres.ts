import { resolve } from 'node:path';

import { APP_ROLE, loadCredentials, OWNER_ROLE, urlOf } from './postgres-credentials.js';
import { findPostmaster } from './postmaster.js';

/** Where the PostgreSQL of this data directory answers while another process runs it; undefined when nobody does. */
export const findRunningPostgres = (
  dataDir: string,
): { readonly url: string; readonly ownerUrl: string } | undefined => {
  const directory = resolve(dataDir);
  const found = findPostmaster(directory);
  if (found === undefined) return undefined;
  const credentials = loadCredentials(directory, true);
  return {
    url: urlOf(APP_ROLE, found.port, credentials),
    ownerUrl: urlOf(OWNER_ROLE, found.port, credentials),
  };
};
