import { AppError } from '../../../kernel/errors/app-error.js';

export class CloudCredentialsNotFoundError extends AppError {
  readonly code = 'cloud-credentials-not-found';
  readonly kind = 'not-found';

  constructor(sessionId: string) {
    super(`The session "${sessionId}" has no credentials of Meta yet.`, { extensions: { sessionId } });
  }
}

/** Nobody learns which of the numbers it was not signed for. */
export class WebhookNotSignedError extends AppError {
  readonly code = 'webhook-not-signed';
  readonly kind = 'unauthenticated';

  constructor() {
    super('X-Hub-Signature-256 is not the signature of these bytes by an app of ours.');
  }
}

export class WebhookNotVerifiedError extends AppError {
  readonly code = 'webhook-not-verified';
  readonly kind = 'forbidden';

  constructor() {
    super('This is no handshake with a verify token of ours.');
  }
}
