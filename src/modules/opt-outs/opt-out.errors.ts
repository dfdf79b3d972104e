import { AppError } from '../../kernel/errors/app-error.js';

export class RecipientOptedOutError extends AppError {
  readonly code = 'recipient-opted-out';
  readonly kind = 'unsupported';

  constructor() {
    super('The recipient wants no messages. Remove the opt-out only when they ask for it.');
  }
}

export class OptOutNotFoundError extends AppError {
  readonly code = 'opt-out-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super('There is no such opt-out.', { extensions: { id } });
  }
}
