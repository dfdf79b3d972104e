import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { HttpConfig } from '../../config/config.slices.js';
import { NotAuthenticatedError } from './access.errors.js';
import { AccessRegistry } from './access.registry.js';
import type { Principal } from './domain/principal.js';

/** Longer credentials are no token of ours: they are refused before anything is computed on them. */
const MAX_CREDENTIALS = 4096;
const SCHEMES = /^(?:Bearer|ApiKey) ([^\s]+)$/i;

/** Takes it out, so that no route sees a field that it does not know. */
const takeKeyFrom = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'apiKey')) return undefined;
  const fields = body as { apiKey?: unknown };
  const { apiKey } = fields;
  delete fields.apiKey;
  return apiKey;
};

/** Finds out who makes a request. An answer that lasts asks again whether they still may. */
@Injectable()
export class Identification {
  constructor(
    private readonly registry: AccessRegistry,
    @Inject(HttpConfig) private readonly config: HttpConfig,
  ) {}

  /** Null for a request that proves nothing; throws when it holds several proofs. */
  async identify(request: FastifyRequest): Promise<Principal | null> {
    const given = new Set(this.credentialsOf(request));
    if (given.size > 1) throw new NotAuthenticatedError('Several credentials were sent: send one.');
    const [credentials] = given;
    return credentials === undefined ? null : this.registry.resolve(credentials);
  }

  private credentialsOf(request: FastifyRequest): readonly string[] {
    const { authorization = '', 'x-api-key': header = '' } = request.headers;
    const inBody = this.config.isKeyInBodyAllowed ? takeKeyFrom(request.body) : undefined;
    return [SCHEMES.exec(authorization.slice(0, MAX_CREDENTIALS + 1))?.[1], header, inBody].filter(
      (one): one is string => typeof one === 'string' && one !== '' && one.length <= MAX_CREDENTIALS,
    );
  }
}
