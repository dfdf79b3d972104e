/**
 * How much and how fast. Owns the pace of sessions and the quotas of keys; it delays and counts, and sends nothing.
 */
export { LimitReached } from './domain/limits.events.js';
export { LimitsModule } from './limits.module.js';
export { Pacer } from './pacer.js';
export { Quotas } from './quotas.js';
export type { SessionPace } from './session-pace.js';
