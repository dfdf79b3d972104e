import type { Page } from '../../../kernel/page.js';
import type { Message, TimelineEntry } from '../domain/message.js';
import type { AcceptedMessage } from '../outbox.js';

export class AcceptedMessageResponse {
  readonly id: string;
  readonly status: string;
  readonly sessionId: string;
  readonly to: string;
  /** When it is expected to leave. */
  readonly estimatedSendAt: string;
  /** The pause that pacing puts before it, in milliseconds. */
  readonly delayMs: number;

  private constructor(accepted: AcceptedMessage, status: string) {
    this.id = accepted.id;
    this.status = status;
    this.sessionId = accepted.sessionId;
    this.to = accepted.to;
    this.estimatedSendAt = accepted.estimatedSendAt.toISOString();
    this.delayMs = accepted.delayMs;
  }

  static from(accepted: AcceptedMessage, status: string): AcceptedMessageResponse {
    return new AcceptedMessageResponse(accepted, status);
  }
}

export class MessageErrorResponse {
  /** Says why, and never changes its spelling. */
  readonly code: string;
  readonly detail: string | null;

  constructor({ code, detail }: NonNullable<Message['error']>) {
    this.code = code;
    this.detail = detail;
  }
}

export class TimelineEntryResponse {
  readonly at: string;
  readonly status: string;
  readonly reason?: string;
  /** Which try, from 1. */
  readonly attempt?: number;
  /** Id of whoever caused it. */
  readonly by?: string;

  private constructor({ at, status, reason, attempt, by }: TimelineEntry) {
    this.at = at.toISOString();
    this.status = status;
    if (reason !== null) this.reason = reason;
    if (attempt !== null) this.attempt = attempt;
    if (by !== null) this.by = by;
  }

  static from(entry: TimelineEntry): TimelineEntryResponse {
    return new TimelineEntryResponse(entry);
  }
}

export class MessageResponse {
  readonly id: string;
  readonly sessionId: string;
  readonly direction: 'OUTBOUND' | 'INBOUND';
  readonly type: string;
  readonly status: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly text: string | null;
  readonly providerMessageId: string | null;
  readonly error?: MessageErrorResponse;
  readonly createdAt: string;
  readonly sentAt: string | null;
  readonly deliveredAt: string | null;
  readonly readAt: string | null;

  protected constructor(message: Message) {
    this.id = message.id;
    this.sessionId = message.sessionId;
    this.direction = message.direction;
    this.type = message.type;
    this.status = message.status;
    this.from = message.from;
    this.to = message.to;
    this.text = message.text;
    this.providerMessageId = message.providerMessageId;
    if (message.error) this.error = new MessageErrorResponse(message.error);
    this.createdAt = message.createdAt.toISOString();
    this.sentAt = message.sentAt?.toISOString() ?? null;
    this.deliveredAt = message.deliveredAt?.toISOString() ?? null;
    this.readAt = message.readAt?.toISOString() ?? null;
  }

  static from(message: Message): MessageResponse {
    return new MessageResponse(message);
  }
}

export class MessageDetailResponse extends MessageResponse {
  /** The whole life of the message, oldest first. */
  readonly timeline: TimelineEntryResponse[];

  private constructor(message: Message, timeline: readonly TimelineEntry[]) {
    super(message);
    this.timeline = timeline.map((entry) => TimelineEntryResponse.from(entry));
  }

  static fromDetail(message: Message, timeline: readonly TimelineEntry[]): MessageDetailResponse {
    return new MessageDetailResponse(message, timeline);
  }
}

export class MessagePageResponse {
  readonly data: MessageResponse[];
  /** Hand it back for the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<Message>) {
    this.data = data.map((message) => MessageResponse.from(message));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<Message>): MessagePageResponse {
    return new MessagePageResponse(page);
  }
}
