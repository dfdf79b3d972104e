import { AppError } from '../../../kernel/errors/app-error.js';

export class SandboxNotOpenError extends AppError {
  readonly code = 'sandbox-not-open';
  readonly kind = 'not-found';

  constructor(sessionId: string) {
    super(`There is no open sandbox session "${sessionId}".`, { extensions: { sessionId } });
  }
}

export class SandboxStateError extends AppError {
  readonly code = 'sandbox-state';
  readonly kind = 'conflict';
}
