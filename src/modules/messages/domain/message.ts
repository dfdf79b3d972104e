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
  readonly text: string | null;
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
