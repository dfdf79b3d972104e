import { Injectable } from '@nestjs/common';

import { type Transaction, Transactions } from '../../platform/prisma/transactions.js';
import { canSee, type Principal } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import {
  SessionDisconnected,
  SessionManuallyDisconnected,
  SessionManuallyReconnected,
} from './domain/session.events.js';
import type { Session } from './domain/session.js';
import { type QrCode, QrCodes } from './qr-codes.js';
import { QrWaiters } from './qr-waiters.js';
import { AlreadyAuthenticatedError, QrGoneError, QrNotFoundError, SessionNotFoundError } from './session.errors.js';
import { SessionRepository } from './session.repository.js';
import { SessionSupervisor } from './session-supervisor.js';

const QR_WAIT_MS = 30_000;
/** How long a confirmation of another number holds. */
const NUMBER_CHANGE_MS = 600_000;

/** A session in the words of people: look at it, link it, let it go. */
@Injectable()
export class SessionService {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly supervisor: SessionSupervisor,
    private readonly qrCodes: QrCodes,
    private readonly waiters: QrWaiters,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  /** Throws not-found also for a session that this principal may not see. */
  async get(sessionId: string, principal: Principal): Promise<Session> {
    const session = canSee(principal, sessionId) ? await this.sessions.findById(sessionId) : null;
    if (session === null) throw new SessionNotFoundError(sessionId);
    return session;
  }

  /** The newest code that can still be scanned; null when there is none. */
  async qrCode(session: Session): Promise<QrCode | null> {
    return session.status === 'QR_READY' ? this.qrCodes.get(session.id) : null;
  }

  /** The code that is shown now, as somebody was shown it; throws not-found before there is one, and gone afterwards. */
  async showQrCode(session: Session): Promise<QrCode> {
    const code = await this.qrCode(session);
    if (code !== null) {
      await this.recordQrRead(session);
      return code;
    }
    const wasShown = session.status === 'READY' || session.status === 'AUTHENTICATED' || session.status === 'QR_READY';
    throw wasShown ? new QrGoneError(session) : new QrNotFoundError(session);
  }

  /** Writes down that somebody was shown a code: whoever scans one holds the number. */
  async recordQrRead(session: Session): Promise<void> {
    await this.transactions.run((tx) => this.audit.record(tx, { action: 'sessions.qr-read', target: session.id }));
  }

  /** Forces a new code and waits for it; opens the session when it is not open. */
  async requestQrCode(session: Session): Promise<QrCode> {
    if (session.status === 'READY' || session.status === 'AUTHENTICATED')
      throw new AlreadyAuthenticatedError(session.id);
    await this.wantIt(session.id, (tx) => this.audit.record(tx, { action: 'sessions.qr-request', target: session.id }));
    const code = this.waiters.next(session.id, QR_WAIT_MS);
    try {
      const handle = session.status === 'QR_READY' ? this.supervisor.opening(session.id)?.handle : undefined;
      if (handle) await handle.refreshQr();
      else await this.supervisor.start(session.id, { isRequested: true });
    } catch (error) {
      this.waiters.fail(session.id, error instanceof Error ? error : new Error(String(error)));
    }
    return code;
  }

  /** Opens it; resolves before it is READY. */
  async start(session: Session): Promise<void> {
    await this.wantIt(session.id, (tx) => this.audit.record(tx, { action: 'sessions.start', target: session.id }));
    await this.supervisor.start(session.id, { isRequested: true });
  }

  /** Closes it and keeps it closed; the number stays linked. */
  async disconnect(session: Session): Promise<void> {
    await this.supervisor.requireNotElsewhere(session.id);
    await this.transactions.run(async (tx) => {
      await this.sessions.want(session.id, false, tx.db);
      tx.record(SessionManuallyDisconnected, session.id, {});
      tx.record(SessionDisconnected, session.id, { reason: 'Somebody asked for it.', cause: 'manual' });
      await this.audit.record(tx, { action: 'sessions.disconnect', target: session.id });
    });
    await this.supervisor.stop(session.id, 'Somebody asked for it.');
  }

  /** Closes it and unlinks the number: the next pairing may be of another one. */
  async logout(session: Session): Promise<void> {
    await this.supervisor.requireNotElsewhere(session.id);
    await this.transactions.run(async (tx) => {
      await this.sessions.want(session.id, false, tx.db);
      await this.sessions.forgetNumber(session.id, tx.db);
      tx.record(SessionManuallyDisconnected, session.id, {});
      tx.record(SessionDisconnected, session.id, { reason: 'Somebody has logged it out.', cause: 'manual' });
      await this.audit.record(tx, { action: 'sessions.logout', target: session.id });
    });
    await this.supervisor.logout(session);
  }

  /** Closes and opens it again. With `confirmNumberChange` the next pairing may be of another number. */
  async reconnect(session: Session, { confirmNumberChange }: { readonly confirmNumberChange: boolean }): Promise<void> {
    await this.supervisor.requireNotElsewhere(session.id);
    await this.wantIt(session.id, async (tx) => {
      if (confirmNumberChange) {
        await this.sessions.allowNumberChange(session.id, new Date(Date.now() + NUMBER_CHANGE_MS), tx.db);
      }
      tx.record(SessionManuallyReconnected, session.id, {});
      await this.audit.record(tx, {
        action: 'sessions.reconnect',
        target: session.id,
        detail: { confirmNumberChange },
      });
    });
    await this.supervisor.stop(session.id, 'It is being reconnected.');
    await this.supervisor.start(session.id, { isRequested: true });
  }

  private async wantIt(sessionId: string, alongWith: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.transactions.run(async (tx) => {
      await this.sessions.want(sessionId, true, tx.db);
      await alongWith(tx);
    });
  }
}
