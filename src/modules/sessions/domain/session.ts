import type { ConnectionStatus } from './connection-status.js';

/** The session that calls without a session name mean. */
export const DEFAULT_SESSION_ID = 'default';

/** A linked number, or one that is to be linked. */
export interface Session {
  readonly id: string;
  readonly name: string;
  readonly engine: 'web' | 'cloud' | 'sandbox';
  /** E.164; the number that it was last linked to. */
  readonly phone: string | null;
  readonly displayName: string | null;
  readonly status: ConnectionStatus;
  /** Why it is where it is, for people. */
  readonly reason: string | null;
  readonly isWanted: boolean;
  readonly generation: number;
  readonly reconnectAttempts: number;
  readonly numberChangeUntil: Date | null;
  readonly statusAt: Date;
}
