/**
 * What was sent and received, by day. Owns the daily figures, which it counts from the timelines of messages, each
 * result of a message once. It changes nothing that it counts.
 */
export { UsageModule } from './usage.module.js';
