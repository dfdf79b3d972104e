import type { MessageStatus } from './message-status.js';

export type OnUncertain = 'hold' | 'retry' | 'drop';

export interface Message {
  readonly id: string;
  readonly seq: bigint;
  readonly sessionId: string;
  readonly direction: 'OUTBOUND' | 'INBOUND';
  readonly type: string;
  readonly status: MessageStatus;
  readonly from: string | null;
  readonly to: string | null;
  /** The group in which it was written; null for a message between two. */
  readonly group: string | null;
  readonly text: string | null;
  /** What the type has beside its text. */
  readonly content: object | null;
  readonly mediaId: string | null;
  /** Of an inbound file: PENDING, STORED, GONE or REFUSED. */
  readonly mediaStatus: string | null;
  /** The message that this one answers or acts on. */
  readonly targetId: string | null;
  readonly batchId: string | null;
  readonly priority: number;
  readonly scheduledAt: Date | null;
  readonly expiresAt: Date | null;
  readonly editedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly providerMessageId: string | null;
  readonly error: { readonly code: string; readonly detail: string | null } | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly readAt: Date | null;
}

/** One step in the life of a message. */
export interface TimelineEntry {
  readonly at: Date;
  readonly status: MessageStatus;
  readonly reason: string | null;
  readonly attempt: number | null;
  readonly by: string | null;
}
