/**
 * Who did what. Owns the append-only, hash-chained trail; an act and its entry are written in one transaction. It
 * keeps no secrets and no message texts.
 */
export { AuditModule } from './audit.module.js';
export { AuditTrail } from './audit-trail.js';
export type { AuditDraft } from './domain/audit-entry.js';
