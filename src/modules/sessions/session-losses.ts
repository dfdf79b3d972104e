import { Inject, Injectable } from '@nestjs/common';

import { SessionsConfig } from '../../config/config.slices.js';
import { backoffDelay } from '../../kernel/backoff.js';
import {
  SessionAuthFailed,
  SessionDisconnected,
  SessionNumberChanged,
  SessionReconnecting,
  SessionReconnectExhausted,
} from './domain/session.events.js';
import type { Session } from './domain/session.js';
import type { Loss, OpeningOptions } from './opening.js';
import { SessionRepository } from './session.repository.js';
import { type AlongWith, SessionStatusWriter } from './session-status.js';

const MAX_RECONNECT_DELAY_MS = 300_000;
const FACTOR = 2;

type Place = Pick<OpeningOptions, 'sessionId' | 'generation'>;

/** What becomes of a session that was lost: another try after a while, or an end that is told once. */
@Injectable()
export class SessionLosses {
  /** Tries since the session was last READY or asked for by a person. */
  private readonly attempts = new Map<string, number>();

  constructor(
    private readonly sessions: SessionRepository,
    private readonly status: SessionStatusWriter,
    @Inject(SessionsConfig) private readonly config: SessionsConfig,
  ) {}

  /** The next loss counts as the first one. */
  forget(sessionId: string): void {
    this.attempts.delete(sessionId);
  }

  /** The next loss is the last one: trying again cannot help. */
  giveUp(sessionId: string): void {
    this.attempts.set(sessionId, this.config.reconnectAttempts);
  }

  /** Writes the loss down. Answers how many milliseconds to wait before the next try, or null when there is none. */
  async record(place: Place, loss: Loss): Promise<number | null> {
    if (loss.cause === 'connection') return this.recordLostConnection(place, loss.reason);
    const { cause, reason } = loss;
    if (cause === 'auth-failure') {
      await this.park(place, { status: 'AUTH_FAILURE', reason }, (tx) => {
        tx.record(SessionAuthFailed, place.sessionId, { reason });
      });
    } else {
      await this.park(place, { status: 'DISCONNECTED', reason }, (tx) => {
        tx.record(SessionDisconnected, place.sessionId, { reason, cause });
      });
    }
    this.forget(place.sessionId);
    return null;
  }

  /** Another number was paired than the one the session had, and nobody has confirmed that. */
  async refuseNumber(place: Place): Promise<void> {
    const reason = 'Another number was paired; it was unlinked. Confirm the change of number, then pair again.';
    await this.park(place, { status: 'AUTH_FAILURE', reason }, (tx) => {
      tx.record(SessionNumberChanged, place.sessionId, { accepted: false });
      tx.record(SessionAuthFailed, place.sessionId, { reason });
    });
  }

  private async recordLostConnection(place: Place, reason: string): Promise<number | null> {
    const { sessionId } = place;
    const attempt = (this.attempts.get(sessionId) ?? 0) + 1;
    const isExhausted = attempt > this.config.reconnectAttempts;
    const policy = { baseMs: this.config.reconnectBaseMs, maxMs: MAX_RECONNECT_DELAY_MS, factor: FACTOR };
    const delayMs = backoffDelay(policy, attempt);
    const reconnectAttempts = Math.min(attempt, this.config.reconnectAttempts);
    await this.status.move(place, { status: 'DISCONNECTED', reason, reconnectAttempts }, (tx, before) => {
      // A failed try of a reconnection is no second loss: it is told by the next `reconnecting`.
      if (before.status !== 'CONNECTING') {
        tx.record(SessionDisconnected, sessionId, { reason, cause: 'connection' });
      }
      if (isExhausted) tx.record(SessionReconnectExhausted, sessionId, { attempts: reconnectAttempts, reason });
      else tx.record(SessionReconnecting, sessionId, { attempt, delayMs });
    });
    this.attempts.set(sessionId, attempt);
    return isExhausted ? null : delayMs;
  }

  /** Ends it for good: not even a restart of the process opens it again, until somebody asks. */
  private async park(
    place: Place,
    change: { readonly status: Session['status']; readonly reason: string },
    alongWith: AlongWith,
  ): Promise<void> {
    await this.status.move(place, { ...change, reconnectAttempts: 0 }, async (tx, before) => {
      await this.sessions.want(place.sessionId, false, tx.db);
      await alongWith(tx, before);
    });
  }
}
