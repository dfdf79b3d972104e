import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';

import { HttpConfig } from '../../config/config.slices.js';
import { currentRequest } from '../../platform/http/request-context.js';
import { RequestLimits } from '../../platform/http/throttle/request-limits.js';
import { ACCESS_RULE, type AccessRule, type WithPrincipal } from './access.decorators.js';
import { NotAuthenticatedError, PermissionDeniedError } from './access.errors.js';
import { AccessRegistry } from './access.registry.js';
import { covers, type Permission } from './domain/permission.js';
import type { Principal } from './domain/principal.js';

/** Longer credentials are no token of ours: they are refused before anything is computed on them. */
const MAX_CREDENTIALS = 4096;
const SCHEMES = /^(?:Bearer|ApiKey) ([^\s]+)$/i;
const SIGN_IN = 'Sign in, and send the access token or a key as a Bearer token or X-API-Key.';
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A rule that the principal does not meet; undefined when the route states none. */
type Refused = Extract<AccessRule, { readonly kind: 'permissions' }> | undefined;

/** Takes it out, so that no route sees a field that it does not know. */
const takeKeyFrom = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'apiKey')) return undefined;
  const fields = body as { apiKey?: unknown };
  const { apiKey } = fields;
  delete fields.apiKey;
  return apiKey;
};

/** Closed by default: a route without a rule is refused, not served. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly registry: AccessRegistry,
    private readonly limits: RequestLimits,
    @Inject(HttpConfig) private readonly config: HttpConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule?.kind === 'public') return this.limits.admit(context, null);

    const request = context.switchToHttp().getRequest<FastifyRequest & WithPrincipal>();
    const principal = await this.identify(request);
    const admission = this.limits.admit(context, principal);
    // Waiting for what is known already would cost every request a turn.
    if (admission instanceof Promise) await admission;
    // Whoever guesses is counted, and whoever knows gets in from the same network.
    if (principal === null) throw new NotAuthenticatedError(SIGN_IN);
    request.principal = principal;
    const current = currentRequest();
    if (current) current.actor = { kind: principal.kind, id: principal.id, name: principal.name };

    if (rule?.kind === 'authenticated' || (rule && covers(principal.permissions, rule.all))) return true;
    return this.refuse(request, principal, rule);
  }

  private async refuse(request: FastifyRequest, principal: Principal, rule: Refused): Promise<never> {
    if (!READING.has(request.method)) await this.writeDown(request, principal, rule);
    const required: readonly Permission[] = rule?.all ?? [];
    throw new PermissionDeniedError(
      `You lack a permission that this needs: ${required.join(', ') || 'none grants it'}.`,
      { extensions: { required } },
    );
  }

  private async identify(request: FastifyRequest): Promise<Principal | null> {
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

  private async writeDown(
    { method, routeOptions }: FastifyRequest,
    principal: Principal,
    rule: AccessRule | undefined,
  ): Promise<void> {
    await this.registry.denials?.recordDenial({ principal, route: `${method} ${routeOptions.url ?? ''}`, rule });
  }
}
