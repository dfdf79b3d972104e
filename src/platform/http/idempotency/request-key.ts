import type { FastifyRequest } from 'fastify';

import { hashBody, parseIdempotencyKey } from './idempotency-key.js';

/** The key that a request came with, for its route, and the hash of the body that it stands for. */
export interface RequestKey {
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
}

/** For a route that stores the key itself, in the transaction of what it makes; null without a key. */
export const requestKeyOf = ({ headers, method, routeOptions, body }: FastifyRequest): RequestKey | null => {
  const key = parseIdempotencyKey(headers['idempotency-key']);
  return key === null ? null : { route: `${method} ${routeOptions.url ?? ''}`, key, bodyHash: hashBody(body) };
};
