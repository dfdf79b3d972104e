import type { IncidentKind } from './incident.js';

/** What one person was told about one incident. */
export interface Notification {
  readonly id: string;
  readonly userId: string;
  readonly kind: IncidentKind;
  readonly sessionId: string;
  readonly title: string;
  readonly body: string;
  readonly createdAt: Date;
  readonly readAt: Date | null;
  readonly mailedAt: Date | null;
}
