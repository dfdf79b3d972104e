/**
 * How much and how fast. Owns the pace of sessions and the quotas of keys, people and sessions; it delays and counts,
 * and sends nothing.
 */
export { QuotaExceededError } from './limits.errors.js';
export { LimitsModule } from './limits.module.js';
export { Pacer } from './pacer.js';
export { NOTHING_TAKEN, type QuotaTaken } from './quotas.js';
export { SendLimits } from './send-limits.js';
export type { SessionPace } from './session-pace.js';
