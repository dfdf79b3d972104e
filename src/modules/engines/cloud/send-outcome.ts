import { SendDeferredError, SendRefusedError, SessionNotConnectedError } from '../engine.errors.js';
import type { Decision } from './graph-errors.js';
import { asRecord, recordsAt, textAt } from './untrusted-json.js';

/** What Meta answers when it has taken a message. */
export interface AcceptedMessage {
  readonly providerMessageId: string;
  /** As WhatsApp knows the recipient, which may differ from the number that was dialled. */
  readonly waId: string | null;
  readonly userId: string | null;
  /** With a template: `held_for_quality_assessment` and `paused` are accepted and not on their way. */
  readonly status: string | null;
}

/** Reads the answer of a send that succeeded; null for an answer that names no message, which may still be sent. */
export const readAcceptedMessage = (body: unknown): AcceptedMessage | null => {
  const answer = asRecord(body);
  const [message] = recordsAt(answer, 'messages');
  const [contact] = recordsAt(answer, 'contacts');
  const providerMessageId = textAt(message ?? null, 'id');
  if (providerMessageId === null) return null;
  return {
    providerMessageId,
    waId: textAt(contact ?? null, 'wa_id'),
    userId: textAt(contact ?? null, 'user_id'),
    status: textAt(message ?? null, 'message_status'),
  };
};

/** Nobody knows whether the message was sent; whoever sends it again may send it twice. */
export class SendOutcomeUnknownError extends Error {
  constructor(
    readonly reasonCode: string,
    detail: string,
  ) {
    super(detail);
    this.name = SendOutcomeUnknownError.name;
  }
}

/** The rejection of `EngineHandle.send` that a decision is. */
export const sendErrorOf = (decision: Decision, detail: string): Error => {
  const { reasonCode } = decision;
  switch (decision.action) {
    case 'give-up':
      return new SendRefusedError(reasonCode, detail);
    case 'retry':
    case 'slow-down':
      return new SendDeferredError(reasonCode, detail, decision.waitMs);
    // No fault of the message: it waits until somebody has seen to the session.
    case 'park-session':
      return new SessionNotConnectedError(reasonCode, detail);
    case 'unknown-outcome':
      return new SendOutcomeUnknownError(reasonCode, detail);
  }
};
