import { AppError } from '../../kernel/errors/app-error.js';

export class NotificationNotFoundError extends AppError {
  readonly code = 'notification-not-found';
  readonly kind = 'not-found';

  constructor() {
    super('There is no such notification of yours.');
  }
}
