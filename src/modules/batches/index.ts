/**
 * Sends to many at once. Owns the batches and their result; their messages are in the log like all others.
 */
export { BatchesModule } from './batches.module.js';
