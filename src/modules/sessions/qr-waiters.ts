import { Injectable } from '@nestjs/common';

import type { QrCode } from './qr-codes.js';
import { QrNotAvailableError } from './session.errors.js';

interface Waiter {
  readonly resolve: (code: QrCode) => void;
  readonly reject: (error: Error) => void;
}

/** Requests that wait for the next QR code of a session. */
@Injectable()
export class QrWaiters {
  private readonly waiting = new Map<string, Set<Waiter>>();

  /** The next code that the session shows; rejects when none comes in time. */
  next(sessionId: string, timeoutMs: number): Promise<QrCode> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.settle(sessionId, waiter);
        reject(new QrNotAvailableError(sessionId, 'none was shown in time.'));
      }, timeoutMs);
      const waiter: Waiter = {
        resolve: (code) => {
          clearTimeout(timer);
          resolve(code);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      const waiters = this.waiting.get(sessionId) ?? new Set();
      waiters.add(waiter);
      this.waiting.set(sessionId, waiters);
    });
  }

  arrived(sessionId: string, code: QrCode): void {
    for (const { resolve } of this.take(sessionId)) resolve(code);
  }

  /** No code will come: the session became ready by itself, or cannot be opened. */
  fail(sessionId: string, error: Error): void {
    for (const { reject } of this.take(sessionId)) reject(error);
  }

  private take(sessionId: string): readonly Waiter[] {
    const waiters = [...(this.waiting.get(sessionId) ?? [])];
    this.waiting.delete(sessionId);
    return waiters;
  }

  private settle(sessionId: string, waiter: Waiter): void {
    this.waiting.get(sessionId)?.delete(waiter);
  }
}
