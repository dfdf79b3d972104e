import { Injectable } from '@nestjs/common';

import type { NextState } from './domain/message-status.js';

/** Statuses that answer the question "has it been sent?". */
const ANSWERS = new Set(['SENT', 'DELIVERED', 'READ', 'PLAYED', 'FAILED', 'UNCERTAIN', 'CANCELLED', 'EXPIRED']);

/** Requests that wait until their message has been sent. */
@Injectable()
export class SendWaiters {
  private readonly waiting = new Map<string, (next: NextState) => void>();

  /** Begins to listen at once, so that nothing is missed between here and `await`; null when time is up. */
  listen(messageId: string): { readonly within: (timeoutMs: number) => Promise<NextState | null> } {
    const answer = new Promise<NextState>((resolve) => {
      this.waiting.set(messageId, resolve);
    });
    return {
      within: async (timeoutMs) => {
        let timer: NodeJS.Timeout | undefined;
        const timeout = new Promise<null>((resolve) => {
          timer = setTimeout(() => {
            resolve(null);
          }, timeoutMs);
        });
        try {
          return await Promise.race([answer, timeout]);
        } finally {
          clearTimeout(timer);
          this.waiting.delete(messageId);
        }
      },
    };
  }

  settle(messageId: string, next: NextState): void {
    if (!ANSWERS.has(next.status)) return;
    this.waiting.get(messageId)?.(next);
  }
}
