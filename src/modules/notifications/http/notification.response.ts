import type { Page } from '../../../kernel/page.js';
import type { Notification } from '../domain/notification.js';

export class NotificationResponse {
  readonly id: string;
  /** `qr-needed`, `auth-failed`, `reconnect-exhausted` or `logged-out`. */
  readonly kind: string;
  readonly sessionId: string;
  readonly title: string;
  /** What happened, and what to do. */
  readonly body: string;
  readonly createdAt: string;
  readonly readAt: string | null;

  private constructor(notification: Notification) {
    this.id = notification.id;
    this.kind = notification.kind;
    this.sessionId = notification.sessionId;
    this.title = notification.title;
    this.body = notification.body;
    this.createdAt = notification.createdAt.toISOString();
    this.readAt = notification.readAt?.toISOString() ?? null;
  }

  static from(notification: Notification): NotificationResponse {
    return new NotificationResponse(notification);
  }
}

export class NotificationListResponse {
  readonly data: NotificationResponse[];
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<Notification>) {
    this.data = data.map((notification) => NotificationResponse.from(notification));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<Notification>): NotificationListResponse {
    return new NotificationListResponse(page);
  }
}
