import type { Page } from '../../../kernel/page.js';
import type { Message, TimelineEntry } from '../domain/message.js';
import type { AcceptedMessage } from '../outbox.js';

export class AcceptedMessageResponse {
  id!: string;
  status!: string;
  sessionId!: string;
  to!: string;
  /** When it is expected to leave. */
  estimatedSendAt!: string;
  /** The pause that pacing puts before it, in milliseconds. */
  delayMs!: number;

  static from(accepted: AcceptedMessage, status: string): AcceptedMessageResponse {
    const { id, sessionId, to, estimatedSendAt, delayMs } = accepted;
    return { id, status, sessionId, to, estimatedSendAt: estimatedSendAt.toISOString(), delayMs };
  }
}

export class MessageErrorResponse {
  code!: string;
  detail!: string | null;
}

export class TimelineEntryResponse {
  at!: string;
  status!: string;
  reason?: string;
  attempt?: number;
  by?: string;

  static from({ at, status, reason, attempt, by }: TimelineEntry): TimelineEntryResponse {
    return {
      at: at.toISOString(),
      status,
      ...(reason !== null && { reason }),
      ...(attempt !== null && { attempt }),
      ...(by !== null && { by }),
    };
  }
}

export class MessageResponse {
  id!: string;
  sessionId!: string;
  direction!: 'OUTBOUND' | 'INBOUND';
  type!: string;
  status!: string;
  from!: string | null;
  to!: string | null;
  text!: string | null;
  providerMessageId!: string | null;
  error?: MessageErrorResponse;
  createdAt!: string;
  sentAt!: string | null;
  deliveredAt!: string | null;
  readAt!: string | null;

  static from(message: Message): MessageResponse {
    return {
      id: message.id,
      sessionId: message.sessionId,
      direction: message.direction,
      type: message.type,
      status: message.status,
      from: message.from,
      to: message.to,
      text: message.text,
      providerMessageId: message.providerMessageId,
      ...(message.error && { error: { code: message.error.code, detail: message.error.detail } }),
      createdAt: message.createdAt.toISOString(),
      sentAt: message.sentAt?.toISOString() ?? null,
      deliveredAt: message.deliveredAt?.toISOString() ?? null,
      readAt: message.readAt?.toISOString() ?? null,
    };
  }
}

export class MessageDetailResponse extends MessageResponse {
  /** The whole life of the message, oldest first. */
  timeline!: readonly TimelineEntryResponse[];

  static fromDetail(message: Message, timeline: readonly TimelineEntry[]): MessageDetailResponse {
    return { ...MessageResponse.from(message), timeline: timeline.map((entry) => TimelineEntryResponse.from(entry)) };
  }
}

export class MessagePageResponse {
  data!: readonly MessageResponse[];
  nextCursor!: string | null;

  static from({ data, nextCursor }: Page<Message>): MessagePageResponse {
    return { data: data.map((message) => MessageResponse.from(message)), nextCursor };
  }
}
