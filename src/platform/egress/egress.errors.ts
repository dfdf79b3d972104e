import { AppError } from '../../kernel/errors/app-error.js';

/** The address is one that no request of ours goes to; known before anything was sent. */
export class UrlRefusedError extends AppError {
  readonly code = 'url-refused';
  readonly kind = 'invalid-input';

  constructor(reason: string) {
    super(`The address cannot be used. ${reason}`);
  }
}

/** A header that somebody wants with a request is one that they must not set, or is none. */
export class HeaderRefusedError extends AppError {
  readonly code = 'header-refused';
  readonly kind = 'invalid-input';

  constructor(reason: string) {
    super(`The headers cannot be used. ${reason}`);
  }
}

/** Always the same words, so that nobody can learn from them what is behind an address. */
export class UrlUnreachableError extends AppError {
  readonly code = 'url-unreachable';
  readonly kind = 'unsupported';

  constructor(cause?: unknown) {
    super('The address gave no answer that could be used.', { cause });
  }
}

export class UrlAnswerTooLargeError extends AppError {
  readonly code = 'url-answer-too-large';
  readonly kind = 'unsupported';

  constructor(maxBytes: number) {
    super(`The address answered with more than ${String(maxBytes)} bytes.`, { extensions: { maxBytes } });
  }
}
