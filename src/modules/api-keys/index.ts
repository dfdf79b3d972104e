/**
 * Programs. Owns the keys and proves a program by one; it keeps no key, only what it can be compared with. A key can do
 * what it was made for, as far as the person who made it still can.
 */
export { ApiKeysModule } from './api-keys.module.js';
