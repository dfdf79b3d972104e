import { AppError } from '../../kernel/errors/app-error.js';

export class BatchNotFoundError extends AppError {
  readonly code = 'batch-not-found';
  readonly kind = 'not-found';

  constructor(batchId: string) {
    super('There is no such batch.', { extensions: { batchId } });
  }
}

/** It is no longer, or not yet, in a state in which this can be done. */
export class BatchStateError extends AppError {
  readonly code = 'batch-state';
  readonly kind = 'conflict';

  constructor(batchId: string, state: string, reason: string) {
    super(reason, { extensions: { batchId, state } });
  }
}
