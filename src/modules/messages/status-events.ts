import type { Transaction } from '../../platform/prisma/transactions.js';
import { MessageAcknowledged, MessageFailed, MessageSent, MessageUncertain } from './domain/message.events.js';
import { type NextState, STATUS_RANK } from './domain/message-status.js';
import type { LockedMessage } from './status.repository.js';

/** Records what the outside is told of a step; a return to the queue is nobody's business. */
export const recordStep = (tx: Transaction, message: LockedMessage, next: NextState): void => {
  const { sessionId, id, to, providerMessageId } = message;
  const fact = { messageId: id, to, providerMessageId };
  const wasSent = (STATUS_RANK[message.status] ?? 0) >= STATUS_RANK.SENT;
  switch (next.status) {
    case 'SENT':
      tx.record(MessageSent, sessionId, fact);
      break;
    case 'DELIVERED':
    case 'READ':
    case 'PLAYED':
      // The acknowledgement was faster than the answer to the send: both are true, and both are told.
      if (!wasSent) tx.record(MessageSent, sessionId, fact);
      tx.record(MessageAcknowledged, sessionId, { ...fact, status: next.status });
      break;
    case 'FAILED':
      tx.record(MessageFailed, sessionId, { ...fact, error: next.error ?? { code: 'failed', detail: '' } });
      break;
    case 'UNCERTAIN':
      tx.record(MessageUncertain, sessionId, { ...fact, reason: next.reason ?? '' });
      break;
    default:
      break;
  }
};
