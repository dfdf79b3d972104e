import { type Json } from '../base/json.js';
import { GraphError } from './graph-error.js';
import { type GraphRequest } from './graph-request.js';

/** The fields that are asked for, else the usual ones; the id is always there (Graph API, "Field expansion"). */
export const pickFields = (request: GraphRequest, all: Json, usual: readonly string[], node: string): Json => {
  const asked = request.call.query.get('fields');
  // The members of a field can be named in braces or parentheses; all of them are given.
  const names =
    asked
      ?.replaceAll(/[{(][^})]*[})]/g, '')
      .split(',')
      .map((name) => name.trim()) ?? usual;
  const wanted = names.filter((name) => name !== '' && name !== 'id');
  for (const name of wanted) {
    if (!Object.hasOwn(all, name)) {
      throw new GraphError({
        code: 100,
        message: `(#100) Tried accessing nonexisting field (${name}) on node type (${node})`,
      });
    }
  }
  const fields = wanted.map((name) => [name, all[name]]).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(fields) as Json), id: all['id'] };
};
