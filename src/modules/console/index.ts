/**
 * What an administrator sees. Owns the pages under `/console`; they talk to the public API like any other program. So
 * far it is the page behind the one-time setup link.
 */
export { ConsoleModule } from './console.module.js';
