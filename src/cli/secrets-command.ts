import type { HeldKey, KeyUse } from '../modules/encryption/index.js';

export const USAGE = `Usage: npm run secrets -- status
       npm run secrets -- rotate
       npm run secrets -- retire KEY_ID

  status  tells which encryption keys there are, and how many stored secrets are sealed with each
  rotate  puts a new key in the place of the one in DATA_DIR, which stays beside it; the running server takes it over
          within seconds and seals every stored secret anew. With ENCRYPTION_KEY in the environment: see the runbook
  retire  removes an old key from DATA_DIR, once nothing is sealed with it
`;

export type SecretsCommand =
  { readonly verb: 'status' } | { readonly verb: 'rotate' } | { readonly verb: 'retire'; readonly keyId: string };

/** Null when the words are no command. */
export const parseSecretsCommand = (words: readonly string[]): SecretsCommand | null => {
  const [verb, keyId, ...rest] = words;
  if (rest.length > 0) return null;
  if ((verb === 'status' || verb === 'rotate') && keyId === undefined) return { verb };
  if (verb === 'retire' && keyId !== undefined && /^[0-9a-f]{8}$/.test(keyId)) return { verb, keyId };
  return null;
};

const rowsOf = (uses: readonly KeyUse[], keyId: string | null): number =>
  uses.filter((use) => use.keyId === keyId).reduce((sum, { rows }) => sum + rows, 0);

const describeKey = ({ id, origin, isCurrent, history }: HeldKey, rows: number): string => {
  const since = history === undefined ? 'has not sealed yet' : `since ${history.introducedAt.toISOString()}`;
  const hint = !isCurrent && rows === 0 ? ', no longer needed' : '';
  return `${id}  ${isCurrent ? 'seals  ' : 'old    '}  ${String(rows)} secrets  ${since}, from ${origin}${hint}`;
};

/** What `status` prints: a line for each key, and one for what no key here opens. Ids and counts, no secret. */
export const describeStatus = (keys: readonly HeldKey[], uses: readonly KeyUse[]): string => {
  const held = keys.map((key) => describeKey(key, rowsOf(uses, key.id)));
  const missing = new Set(uses.flatMap(({ state, keyId }) => (state === 'missing' && keyId !== null ? [keyId] : [])));
  const gone = [...missing].map(
    (id) => `${id}  MISSING  ${String(rowsOf(uses, id))} secrets  that nobody can read without it`,
  );
  const unsealed = rowsOf(uses, null);
  const plain = unsealed === 0 ? [] : [`--------  UNSEALED  ${String(unsealed)} secrets`];
  const where = uses.map(({ column, keyId, rows }) => `  ${column}: ${String(rows)} with ${keyId ?? 'no key'}`);
  return [...held, ...gone, ...plain, ...where].join('\n');
};
