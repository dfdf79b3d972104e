import { createHash } from 'node:crypto';

import { canonicalJson } from './canonical-json.js';

/** A page of a list; `nextCursor` is null at the end. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

const fingerprint = (filters: object): string =>
  createHash('sha256').update(canonicalJson(filters)).digest('base64url').slice(0, 12);

/** An opaque cursor that holds the position and the filters it belongs to. */
export const encodeCursor = (position: string, filters: object): string =>
  Buffer.from(`${fingerprint(filters)}.${position}`).toString('base64url');

/** The position in a cursor, or null when it is not one of ours or was made with other filters. */
export const decodeCursor = (cursor: string, filters: object): string | null => {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const start = `${fingerprint(filters)}.`;
  return text.startsWith(start) && text.length > start.length ? text.slice(start.length) : null;
};

/** Cuts the extra row that was read to learn whether there is more, and makes the next cursor from the last one kept. */
export const toPage = <T>(
  rows: readonly T[],
  limit: number,
  filters: object,
  positionOf: (row: T) => string,
): Page<T> => {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { data, nextCursor: more ? encodeCursor(positionOf(last), filters) : null };
};
