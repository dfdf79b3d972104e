import { Injectable } from '@nestjs/common';

import type { NextState } from './domain/message-status.js';

/** Statuses that answer the question "has it been sent?". */
const ANSWERS = new Set(['SENT', 'DELIVERED', 'READ', 'PLAYED', 'FAILED', 'UNCERTAIN', 'CANCELLED', 'EXPIRED']);

type Listener = (next: NextState) => void;

/** One request that listens for what becomes of its message. */
export interface Listening {
  /** The answer, or null when time is up. */
  within(timeoutMs: number): Promise<NextState | null>;
  /** Listens no more; safe to call twice. */
  end(): void;
}

/** Requests that wait until their message has been sent; several may wait for one. */
@Injectable()
export class SendWaiters {
  private readonly waiting = new Map<string, Set<Listener>>();

  /** Begins to listen at once, so that nothing is missed between here and `within`. */
  listen(messageId: string): Listening {
    const { promise, resolve } = Promise.withResolvers<NextState>();
    const listeners = this.waiting.get(messageId) ?? new Set();
    this.waiting.set(messageId, listeners.add(resolve));
    const end = (): void => {
      listeners.delete(resolve);
      if (listeners.size === 0 && this.waiting.get(messageId) === listeners) this.waiting.delete(messageId);
    };
    return {
      end,
      within: async (timeoutMs) => {
        let timer: NodeJS.Timeout | undefined;
        const timeout = new Promise<null>((giveUp) => {
          timer = setTimeout(giveUp, timeoutMs, null);
        });
        try {
          return await Promise.race([promise, timeout]);
        } finally {
          clearTimeout(timer);
          end();
        }
      },
    };
  }

  settle(messageId: string, next: NextState): void {
    if (!ANSWERS.has(next.status)) return;
    for (const listener of this.waiting.get(messageId) ?? []) listener(next);
  }
}
