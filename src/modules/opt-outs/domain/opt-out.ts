/** Somebody wants no messages. */
export interface OptOut {
  readonly id: string;
  /** E.164. */
  readonly phone: string;
  /** From which session; null for every one. */
  readonly sessionId: string | null;
  readonly source: 'stop-word' | 'api' | 'meta';
  readonly reason: string | null;
  readonly createdAt: Date;
}
