/**
 * People. Owns users, their sign-ins and the way in for the first administrator; proves a person by an access token.
 * It keeps no password and no token, only what they can be compared with.
 */
export { type Administrator, Administrators } from './administrators.repository.js';
export type { User } from './domain/user.js';
export { IdentityModule } from './identity.module.js';
export { SetupLink } from './setup-link.js';
export { UserReader } from './user-reader.js';
export { UserRescue } from './user-rescue.js';
