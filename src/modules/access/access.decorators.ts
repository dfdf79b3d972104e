import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';

import { NotAuthenticatedError } from './access.errors.js';
import type { Permission } from './domain/permission.js';
import type { Principal } from './domain/principal.js';

export type AccessRule =
  | { readonly kind: 'public' }
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'permissions'; readonly all: readonly [Permission, ...Permission[]] };

export const ACCESS_RULE = 'access:rule';

const rule = (value: AccessRule): MethodDecorator & ClassDecorator => SetMetadata(ACCESS_RULE, value);

/** Anyone may call this route. */
export const Public = (): MethodDecorator & ClassDecorator => rule({ kind: 'public' });

/** Whoever is signed in may call this route. */
export const Authenticated = (): MethodDecorator & ClassDecorator =>
  applyDecorators(rule({ kind: 'authenticated' }), ApiBearerAuth(), ApiSecurity('apiKey'));

/** Only a principal that holds all of these may call this route. */
export const RequirePermissions = (...all: [Permission, ...Permission[]]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    rule({ kind: 'permissions', all }),
    ApiBearerAuth(),
    ApiSecurity('apiKey'),
    ApiExtension('x-required-permissions', all),
  );

/** The request as the guard leaves it. */
export interface WithPrincipal {
  principal?: Principal;
}

/** Hands the principal to a controller method; on a public route there may be none, and then this refuses. */
export const CurrentPrincipal = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<WithPrincipal>();
  if (!principal) throw new NotAuthenticatedError('Sign in first.');
  return principal;
});
