import { AppError } from '../../kernel/errors/app-error.js';

/** What was missed is in the journal no more, or is of another installation. */
export class EventGoneError extends AppError {
  readonly code = 'event-gone';
  readonly kind = 'gone';

  constructor(eventId: string) {
    super('The journal does not hold this event any more: read what you missed from the log, then begin anew.', {
      extensions: { lastEventId: eventId },
    });
  }
}

/** Each stream holds a connection for as long as it lasts. */
export class TooManyStreamsError extends AppError {
  readonly code = 'too-many-streams';
  readonly kind = 'rate-limited';

  constructor(limit: number) {
    super(`There are ${String(limit)} event streams already. Close one of them.`, {
      extensions: { limit },
      retryAfterSeconds: 5,
    });
  }
}
