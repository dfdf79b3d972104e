import { AppError, type ErrorKind } from '../../kernel/errors/app-error.js';

export interface Violation {
  /** JSON pointer into the body (`#/to`), or `?name` for a query parameter, or `{name}` for a path parameter. */
  readonly pointer: string;
  readonly detail: string;
}

export class InvalidRequestError extends AppError {
  readonly code = 'invalid-request';
  readonly kind = 'invalid-input';

  constructor(errors: readonly Violation[]) {
    super('The request is not valid; `errors` names every field.', { extensions: { errors } });
  }
}

export class MalformedBodyError extends AppError {
  readonly code = 'malformed-body';
  readonly kind = 'invalid-input';
}

export class BodyTooLargeError extends AppError {
  readonly code = 'body-too-large';
  readonly kind = 'too-large';
}

export class UnsupportedMediaTypeError extends AppError {
  readonly code = 'unsupported-media-type';
  readonly kind = 'unsupported-media';
}

export class RouteNotFoundError extends AppError {
  readonly code = 'route-not-found';
  readonly kind = 'not-found';
}

export class TooManyRequestsError extends AppError {
  readonly code = 'too-many-requests';
  readonly kind = 'rate-limited';
}

export class StartingError extends AppError {
  readonly code = 'starting';
  readonly kind = 'unavailable';

  constructor() {
    super('The server is still starting; /health/ready says what it waits for.', { retryAfterSeconds: 1 });
  }
}

/** A fault of ours: the log has the cause under the request id. */
export class InternalError extends AppError {
  readonly code = 'internal';
  readonly kind: ErrorKind = 'internal';
}

export class ShuttingDownError extends AppError {
  readonly code = 'shutting-down';
  readonly kind = 'unavailable';

  constructor() {
    super('The server is shutting down. Nothing was stored; try again.', { retryAfterSeconds: 2 });
  }
}
