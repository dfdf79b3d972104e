/** What may be counted of a message, each at most once: on the day on which it happened first. */
export const USAGE_RESULTS = [
  'accepted',
  'sent',
  'delivered',
  'read',
  'failed',
  'expired',
  'cancelled',
  'received',
] as const;
export type UsageResult = (typeof USAGE_RESULTS)[number];

export const USAGE_GROUPS = ['day', 'session', 'key', 'person', 'direction', 'type'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** Figures of one group; what they are not grouped by is absent. */
export interface UsageFigures extends Readonly<Record<UsageResult, number>> {
  readonly day?: string;
  readonly sessionId?: string;
  /** Null: not sent with a key. */
  readonly keyId?: string | null;
  /** Null: not sent by a person. */
  readonly userId?: string | null;
  readonly direction?: string;
  readonly type?: string;
}

/** Days in UTC, both of them included. */
export interface UsagePeriod {
  readonly from: string;
  readonly to: string;
}
