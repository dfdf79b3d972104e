import { Injectable, Logger } from '@nestjs/common';

import { maskPhoneNumber } from '../../kernel/phone-number.js';
import type { LinkedNumber } from '../engines/index.js';
import { SessionAuthenticated, SessionNumberChanged, SessionQrShown, SessionReady } from './domain/session.events.js';
import type { Opening } from './opening.js';
import { type QrCode, QrCodes } from './qr-codes.js';
import { QrWaiters } from './qr-waiters.js';
import { SessionRepository } from './session.repository.js';
import { type AlongWith, SessionStatusWriter } from './session-status.js';

/** Turns what an engine reports on the way to READY into the status, its events and the QR code. */
@Injectable()
export class SessionReports {
  private readonly logger = new Logger(SessionReports.name);

  constructor(
    private readonly sessions: SessionRepository,
    private readonly status: SessionStatusWriter,
    private readonly qrCodes: QrCodes,
    private readonly waiters: QrWaiters,
  ) {}

  async qrShown({ options, signal }: Opening, text: string): Promise<void> {
    const { sessionId, isRequested } = options;
    if (signal.aborted) return;
    let code: QrCode | undefined;
    // The row is locked meanwhile: the code of an opening that is over can never take the place of the newest one.
    const show: AlongWith = async (tx) => {
      code = await this.qrCodes.put(sessionId, text);
      tx.record(SessionQrShown, sessionId, { requested: isRequested });
    };
    const isShown =
      (await this.status.within(options, 'QR_READY', show)) ||
      (await this.status.move(options, { status: 'QR_READY', reason: null }, show));
    if (isShown && code) this.waiters.arrived(sessionId, code);
  }

  /** Whoever waits for a code of this session is told that none will come. */
  noQr(sessionId: string, error: Error): void {
    this.waiters.fail(sessionId, error);
  }

  /** The code that was shown links nothing any more. */
  async qrGone(sessionId: string): Promise<void> {
    await this.qrCodes.remove(sessionId);
  }

  async authenticated({ options }: Opening): Promise<void> {
    await this.qrCodes.remove(options.sessionId);
    await this.status.move(options, { status: 'AUTHENTICATED', reason: null }, (tx) => {
      tx.record(SessionAuthenticated, options.sessionId, {});
    });
  }

  /** False when the session was linked to another number than before and nobody has confirmed that. */
  async ready(opening: Opening, linked: LinkedNumber): Promise<boolean> {
    const { sessionId } = opening.options;
    const session = await this.sessions.findById(sessionId);
    if (session?.generation !== opening.options.generation) return true;
    const isOther = session.phone !== null && session.phone !== linked.phone;
    const isConfirmed = session.numberChangeUntil !== null && session.numberChangeUntil.getTime() > Date.now();
    if (isOther && !isConfirmed) {
      this.logger.warn({ sessionId, phone: maskPhoneNumber(linked.phone) }, 'another number was paired and refused');
      return false;
    }
    await this.qrCodes.remove(sessionId);
    // An engine that restores a session, or misses its own event, goes from the QR to ready in one step.
    if (session.status === 'QR_READY') await this.authenticated(opening);
    const change = {
      status: 'READY' as const,
      reason: null,
      reconnectAttempts: 0,
      phone: linked.phone,
      displayName: linked.name,
    };
    await this.status.move(opening.options, change, (tx) => {
      // Before anybody hears of it, and only ever from here: an engine that says it again takes nothing back.
      tx.afterCommit(() => {
        opening.isReady = !opening.signal.aborted;
      });
      if (isOther) tx.record(SessionNumberChanged, sessionId, { accepted: true });
      tx.record(SessionReady, sessionId, { phone: linked.phone, name: linked.name });
    });
    return true;
  }
}
