import { type Json, present } from '../base/json.js';
import { GraphError, invalid } from './graph-error.js';
import { type GraphRequest } from './graph-request.js';

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 1000;
const PREFIX = 'after:';

const encode = (id: string): string => Buffer.from(`${PREFIX}${id}`).toString('base64url');

const decode = (cursor: string): string => {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!text.startsWith(PREFIX)) throw expired();
  return text.slice(PREFIX.length);
};

const expired = (): GraphError => new GraphError({ code: 131059, details: 'Start from the beginning again.' });

/** One page of a list, with cursors that name an element (Graph API, "Paginated results"). */
export const pageOf = <T extends { readonly id: string }>(
  { call, world }: GraphRequest,
  items: readonly T[],
  describe: (item: T) => Json,
): Json => {
  const limit = Number(call.query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw invalid('limit is not valid');
  const start = startOf(call.query, items, limit);
  const page = items.slice(start, start + limit);
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return { data: [] };
  const link = (name: string, cursor: string): string => {
    const query = new URLSearchParams(call.query);
    for (const old of ['after', 'before', 'access_token']) query.delete(old);
    query.set(name, cursor);
    return `${world.url}${call.path}?${query.toString()}`;
  };
  const cursors = { before: encode(first.id), after: encode(last.id) };
  return {
    data: page.map(describe),
    paging: present({
      cursors,
      next: start + limit < items.length ? link('after', cursors.after) : undefined,
      previous: start > 0 ? link('before', cursors.before) : undefined,
    }),
  };
};

const startOf = (query: URLSearchParams, items: readonly { readonly id: string }[], limit: number): number => {
  const place = (cursor: string): number => {
    const id = decode(cursor);
    const found = items.findIndex((item) => item.id === id);
    if (found < 0) throw expired();
    return found;
  };
  const [after, before] = [query.get('after'), query.get('before')];
  if (after !== null && after !== '') return place(after) + 1;
  return before === null || before === '' ? 0 : Math.max(0, place(before) - limit);
};
