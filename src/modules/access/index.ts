/**
 * Who may do what. Owns the permissions, the roles, the guard that every route passes and the rule that each route
 * states. It does not know people or keys: those features announce themselves as resolvers.
 */
export { ACCESS_RULE, Authenticated, CurrentPrincipal, Public, RequirePermissions } from './access.decorators.js';
export type { AccessRule, WithPrincipal } from './access.decorators.js';
export { NotAuthenticatedError, PermissionDeniedError } from './access.errors.js';
export { AccessGuard } from './access.guard.js';
export { AccessModule } from './access.module.js';
export type { DenialRecorder, PrincipalResolver } from './access.ports.js';
export { AccessRegistry } from './access.registry.js';
export { covers, PERMISSIONS, type Permission } from './domain/permission.js';
export { canSee, type Principal, systemPrincipal, visibleSessions } from './domain/principal.js';
export { Identification } from './identification.js';
export { permissionsOf, type Role, ROLE_NAMES } from './domain/role.js';
