import { AppError } from '../../kernel/errors/app-error.js';

export class MessageNotFoundError extends AppError {
  readonly code = 'message-not-found';
  readonly kind = 'not-found';

  constructor(messageId: string) {
    super('There is no such message.', { extensions: { messageId } });
  }
}

export class InvalidRecipientError extends AppError {
  readonly code = 'invalid-phone-number';
  readonly kind = 'invalid-input';

  constructor() {
    super('The recipient is neither a phone number in international form, such as +12025550110, nor a group.');
  }
}

export class MessageTimesError extends AppError {
  readonly code = 'message-times-invalid';
  readonly kind = 'invalid-input';

  constructor() {
    super('The message would have expired before it leaves: expiresAt must be later than now and than scheduledAt.');
  }
}

/** What should be answered, reacted to, edited, revoked or forwarded cannot be. */
export class TargetUnsuitableError extends AppError {
  readonly code = 'message-target-unsuitable';
  readonly kind = 'unsupported';

  constructor(messageId: string, reason: string) {
    super(`The message cannot be used so. ${reason}`, { extensions: { messageId } });
  }
}

/** It is no longer, or not yet, in a state in which this can be done. */
export class MessageStateError extends AppError {
  readonly code = 'message-state';
  readonly kind = 'conflict';

  constructor(messageId: string, status: string, what: string) {
    super(`A message that is ${status} cannot be ${what}.`, { extensions: { messageId, messageStatus: status } });
  }
}

export class InvalidMessageTextError extends AppError {
  readonly code = 'invalid-message-text';
  readonly kind = 'invalid-input';

  constructor(maxLength: number) {
    super(`A text has 1 to ${String(maxLength)} characters, and neither U+0000 nor half of a surrogate pair.`);
  }
}

/** The database went away with the answer. */
export class AcceptanceUnknownError extends AppError {
  readonly code = 'acceptance-unknown';
  readonly kind = 'unavailable';

  constructor() {
    super(
      'The database went away before it said whether the message was stored. Repeat the request with the same Idempotency-Key; without one, look into the message log first.',
      { retryAfterSeconds: 5 },
    );
  }
}

export class InvalidCursorError extends AppError {
  readonly code = 'invalid-cursor';
  readonly kind = 'invalid-input';

  constructor() {
    super('The cursor is not one of this list with these filters.');
  }
}

/** The message is stored, and nobody has said that it was sent; only the wait for it is over. */
export class MessageNotSentYetError extends AppError {
  readonly code = 'message-not-sent-yet';
  readonly kind = 'unavailable';

  constructor(messageId: string, status: string) {
    const standing = status === 'UNCERTAIN' ? 'nobody knows whether it left' : 'it was not sent in time';
    super(`The message was accepted and is ${status}: ${standing}. Do not send it again.`, {
      // `status` of a problem document is that of HTTP.
      extensions: { messageId, messageStatus: status },
    });
  }
}

export class MessageSendFailedError extends AppError {
  readonly code = 'message-send-failed';
  readonly kind = 'unsupported';

  constructor(messageId: string, error: { readonly code: string; readonly detail: string | null }) {
    super(`The message was not sent: ${error.detail ?? error.code}`, { extensions: { messageId, reason: error.code } });
  }
}
