/**
 * People. Owns users, their sign-ins and the way in for the first administrator; proves a person by an access token.
 * It keeps no password and no token, only what they can be compared with.
 */
export { Administrators } from './administrators.repository.js';
export { IdentityModule } from './identity.module.js';
export { SetupLink } from './setup-link.js';
export { UserRescue } from './user-rescue.js';
