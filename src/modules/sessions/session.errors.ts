import { AppError } from '../../kernel/errors/app-error.js';
import type { Session } from './domain/session.js';

/** Also for a session that exists and was not granted: a stranger learns nothing. */
export class SessionNotFoundError extends AppError {
  readonly code = 'session-not-found';
  readonly kind = 'not-found';

  constructor(sessionId: string) {
    super(`There is no session "${sessionId}".`, { extensions: { sessionId } });
  }
}

export class SessionExistsError extends AppError {
  readonly code = 'session-exists';
  readonly kind = 'conflict';

  constructor(sessionId: string) {
    super(`There is a session "${sessionId}" already.`, { extensions: { sessionId } });
  }
}

/** The session that calls without a session name mean is always there. */
export class SessionNotRemovableError extends AppError {
  readonly code = 'session-not-removable';
  readonly kind = 'conflict';

  constructor(sessionId: string) {
    super(`The session "${sessionId}" cannot be removed. Log it out instead.`, { extensions: { sessionId } });
  }
}

/** Nothing can be scanned, because nothing has been shown yet. */
export class QrNotFoundError extends AppError {
  readonly code = 'qr-not-found';
  readonly kind = 'not-found';

  constructor({ id, status }: Pick<Session, 'id' | 'status'>) {
    super(`The session "${id}" is ${status} and shows no QR code. Start it first.`, {
      extensions: { session: { id, status } },
    });
  }
}

/** What could have been scanned cannot be any more. */
export class QrGoneError extends AppError {
  readonly code = 'qr-gone';
  readonly kind = 'gone';

  constructor({ id, status }: Pick<Session, 'id' | 'status'>) {
    super(`The QR code of the session "${id}" is no longer valid: it is ${status}.`, {
      extensions: { session: { id, status } },
    });
  }
}

export class SessionNotReadyError extends AppError {
  readonly code = 'session-not-ready';
  readonly kind = 'unavailable';

  constructor({ id, status }: Pick<Session, 'id' | 'status'>) {
    super(`The session "${id}" is ${status}. Nothing was sent.`, {
      extensions: { session: { id, status } },
      retryAfterSeconds: 5,
    });
  }
}

export class AlreadyAuthenticatedError extends AppError {
  readonly code = 'session-already-authenticated';
  readonly kind = 'conflict';

  constructor(sessionId: string) {
    super(`The session "${sessionId}" is linked already: a QR code is not needed.`, { extensions: { sessionId } });
  }
}

export class SessionOwnedElsewhereError extends AppError {
  readonly code = 'session-owned-elsewhere';
  readonly kind = 'unavailable';

  constructor(sessionId: string) {
    super(`Another process holds the session "${sessionId}".`, { extensions: { sessionId }, retryAfterSeconds: 5 });
  }
}

export class QrNotAvailableError extends AppError {
  readonly code = 'qr-not-available';
  readonly kind = 'unavailable';

  constructor(sessionId: string, reason: string) {
    super(`No QR code came for the session "${sessionId}": ${reason}`, {
      extensions: { sessionId },
      retryAfterSeconds: 5,
    });
  }
}
