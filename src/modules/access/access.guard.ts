import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';

import { currentRequest } from '../../platform/http/request-context.js';
import { RequestLimits } from '../../platform/http/throttle/request-limits.js';
import { ACCESS_RULE, type AccessRule, type WithPrincipal } from './access.decorators.js';
import { NotAuthenticatedError, PermissionDeniedError } from './access.errors.js';
import { AccessRegistry } from './access.registry.js';
import { Identification } from './identification.js';
import { covers, type Permission } from './domain/permission.js';
import type { Principal } from './domain/principal.js';

const SIGN_IN = 'Sign in, and send the access token or a key as a Bearer token or X-API-Key.';
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A rule that the principal does not meet; undefined when the route states none. */
type Refused = Extract<AccessRule, { readonly kind: 'permissions' }> | undefined;

/** Closed by default: a route without a rule is refused, not served. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly identification: Identification,
    private readonly registry: AccessRegistry,
    private readonly limits: RequestLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS_RULE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule?.kind === 'public') return this.limits.admit(context, null);

    const request = context.switchToHttp().getRequest<FastifyRequest & WithPrincipal>();
    const principal = await this.identification.identify(request);
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

  private async writeDown(
    { method, routeOptions }: FastifyRequest,
    principal: Principal,
    rule: AccessRule | undefined,
  ): Promise<void> {
    await this.registry.denials?.recordDenial({ principal, route: `${method} ${routeOptions.url ?? ''}`, rule });
  }
}
