import type { UsageFigures, UsagePeriod } from '../domain/usage.js';

export class UsageFiguresResponse {
  /** In UTC; with `groupBy=day`. */
  readonly day?: string;
  /** With `groupBy=session`. */
  readonly sessionId?: string;
  /** With `groupBy=key`; null for what was not sent with a key. */
  readonly keyId?: string | null;
  /** With `groupBy=person`; null for what was not sent by a person. */
  readonly userId?: string | null;
  /** With `groupBy=direction`. */
  readonly direction?: string;
  /** With `groupBy=type`. */
  readonly type?: string;
  readonly accepted: number;
  readonly sent: number;
  readonly delivered: number;
  readonly read: number;
  readonly failed: number;
  readonly expired: number;
  readonly cancelled: number;
  readonly received: number;

  private constructor(figures: UsageFigures) {
    const { day, sessionId, keyId, userId, direction, type } = figures;
    Object.assign(this, {
      ...(day !== undefined && { day }),
      ...(sessionId !== undefined && { sessionId }),
      ...(keyId !== undefined && { keyId }),
      ...(userId !== undefined && { userId }),
      ...(direction !== undefined && { direction }),
      ...(type !== undefined && { type }),
    });
    this.accepted = figures.accepted;
    this.sent = figures.sent;
    this.delivered = figures.delivered;
    this.read = figures.read;
    this.failed = figures.failed;
    this.expired = figures.expired;
    this.cancelled = figures.cancelled;
    this.received = figures.received;
  }

  static from(figures: UsageFigures): UsageFiguresResponse {
    return new UsageFiguresResponse(figures);
  }
}

export class UsageResponse {
  readonly from: string;
  readonly to: string;
  /** Of the groups of which there is something to tell. */
  readonly data: UsageFiguresResponse[];

  private constructor({ from, to }: UsagePeriod, figures: readonly UsageFigures[]) {
    this.from = from;
    this.to = to;
    this.data = figures.map((one) => UsageFiguresResponse.from(one));
  }

  static from(period: UsagePeriod, figures: readonly UsageFigures[]): UsageResponse {
    return new UsageResponse(period, figures);
  }
}
