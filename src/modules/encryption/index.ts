/**
 * Under which key stored secrets are sealed. Owns the history of the keys and the work that brings every secret under
 * the newest one while the process runs. It knows no secret: which columns are sealed, the features say.
 */
export { EncryptionModule } from './encryption.module.js';
export { EncryptionReport, type HeldKey, type KeyUse } from './encryption-report.js';
