import type { Transaction } from '../../platform/prisma/transactions.js';
import {
  MessageAcknowledged,
  MessageCancelled,
  MessageExpired,
  MessageFailed,
  MessageSent,
  MessageUncertain,
  MessageUnconfirmed,
  type OutboundFact,
} from './domain/message.events.js';
import { type MessageStatus, type NextState, STATUS_RANK } from './domain/message-status.js';
import type { LockedMessage } from './status.repository.js';

type Recorder = (tx: Transaction, message: LockedMessage, next: NextState) => void;

const factOf = ({ id, to, providerMessageId }: LockedMessage): OutboundFact => ({
  messageId: id,
  to,
  providerMessageId,
});

const recordAcknowledged: Recorder = (tx, message, next) => {
  const wasSent = (STATUS_RANK[message.status] ?? 0) >= STATUS_RANK.SENT;
  // The acknowledgement was faster than the answer to the send: both are true, and both are told.
  if (!wasSent) tx.record(MessageSent, message.sessionId, factOf(message));
  tx.record(MessageAcknowledged, message.sessionId, { ...factOf(message), status: next.status });
};

/** A return to the queue is nobody's business. */
const RECORDERS: Partial<Record<MessageStatus, Recorder>> = {
  SENT: (tx, message) => {
    tx.record(MessageSent, message.sessionId, factOf(message));
  },
  DELIVERED: recordAcknowledged,
  READ: recordAcknowledged,
  PLAYED: recordAcknowledged,
  FAILED: (tx, message, next) => {
    const error = next.error ?? { code: 'failed', detail: '' };
    tx.record(MessageFailed, message.sessionId, { ...factOf(message), error });
  },
  UNCONFIRMED: (tx, message) => {
    tx.record(MessageUnconfirmed, message.sessionId, factOf(message));
  },
  EXPIRED: (tx, message) => {
    tx.record(MessageExpired, message.sessionId, factOf(message));
  },
  CANCELLED: (tx, message) => {
    tx.record(MessageCancelled, message.sessionId, factOf(message));
  },
  UNCERTAIN: (tx, message, next) => {
    tx.record(MessageUncertain, message.sessionId, { ...factOf(message), reason: next.reason ?? '' });
  },
};

/** Records what the outside is told of a step. */
export const recordStep: Recorder = (tx, message, next) => {
  RECORDERS[next.status]?.(tx, message, next);
};
