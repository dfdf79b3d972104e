import type { ConnectionStatus } from './connection-status.js';
import type { SessionSettings } from './session-settings.js';

/** The session that calls without a session name mean. */
export const DEFAULT_SESSION_ID = 'default';

/** The domain knows no engine but by its name. */
export type EngineName = 'web' | 'cloud' | 'sandbox';

/** A linked number, or one that is to be linked. */
export interface Session {
  readonly id: string;
  readonly name: string;
  readonly engine: EngineName;
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
  readonly settings: SessionSettings;
  /** The URL of its proxy, as it is stored; null for none. */
  readonly sealedProxy: string | null;
  /** When it last stopped being READY; null when it never was. */
  readonly lostAt: Date | null;
  readonly statusAt: Date;
}
