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

const timeOf = (time: Date | null): string | null => time?.toISOString() ?? null;

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

export class MessageMediaResponse {
  /** For `GET /v1/media/{id}`; null while it is not here. */
  readonly id: string | null;
  /** Of an inbound file: PENDING, STORED, GONE (WhatsApp has it no more) or REFUSED (too large). */
  readonly status?: string;

  constructor({ mediaId, mediaStatus }: Message) {
    this.id = mediaId;
    if (mediaStatus !== null) this.status = mediaStatus;
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
  /** The group in which it was written; null for a message between two. */
  readonly group: string | null;
  /** The text, the caption of a file, the question of a poll, or the emoji of a reaction. */
  readonly text: string | null;
  /** What the type has beside its text, such as coordinates, contacts or the options of a poll. */
  readonly content?: object;
  /** The file; absent while an inbound one is not fetched. */
  readonly media?: MessageMediaResponse;
  /** The message that this one answers, reacts to, edits, revokes or forwards. */
  readonly targetId?: string;
  readonly batchId?: string;
  readonly priority: number;
  readonly scheduledAt: string | null;
  readonly expiresAt: string | null;
  readonly editedAt: string | null;
  readonly revokedAt: string | null;
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
    this.group = message.group;
    this.text = message.text;
    this.priority = message.priority;
    this.providerMessageId = message.providerMessageId;
    const { content, targetId, batchId, error } = message;
    const hasMedia = message.mediaId !== null || message.mediaStatus !== null;
    Object.assign(this, {
      ...(content && { content }),
      ...(hasMedia && { media: new MessageMediaResponse(message) }),
      ...(targetId !== null && { targetId }),
      ...(batchId !== null && { batchId }),
      ...(error && { error: new MessageErrorResponse(error) }),
    });
    this.createdAt = message.createdAt.toISOString();
    this.scheduledAt = timeOf(message.scheduledAt);
    this.expiresAt = timeOf(message.expiresAt);
    this.editedAt = timeOf(message.editedAt);
    this.revokedAt = timeOf(message.revokedAt);
    this.sentAt = timeOf(message.sentAt);
    this.deliveredAt = timeOf(message.deliveredAt);
    this.readAt = timeOf(message.readAt);
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
