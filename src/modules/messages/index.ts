/**
 * What is said. Owns the outbox, the inbox and the message log. It answers "accepted" only for what is on disk, and
 * says UNCERTAIN rather than guess.
 */
export {
  MessageAcknowledged,
  MessageFailed,
  MessageReceived,
  MessageSent,
  MessageUncertain,
} from './domain/message.events.js';
export { BatchMessages } from './batch-messages.js';
export type { BatchResult } from './batch-messages.repository.js';
export type { OnUncertain } from './domain/message.js';
export type { MessageStatus } from './domain/message-status.js';
export { MessagePreparation, type PreparedMessage } from './message-preparation.js';
export { Outbox, type SendOnce } from './outbox.js';
export { MessageSending } from './message-sending.js';
export { MessagesModule } from './messages.module.js';
