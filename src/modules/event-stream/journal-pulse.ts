import { Injectable } from '@nestjs/common';

import { OnJournalGrew } from '../../platform/events/event-bus.js';

/** Other processes write to the journal as well, and an event may become readable after it was announced. */
const LOOK_MS = 1000;

/** Tells waiting readers that the journal may have grown. */
@Injectable()
export class JournalPulse {
  private readonly waiting = new Set<() => void>();

  @OnJournalGrew()
  beat(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const go of waiting) go();
  }

  /** Resolves at the next beat, after a while without one, or when the signal is aborted. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.waiting.delete(go);
        signal.removeEventListener('abort', go);
        resolve();
      };
      const timer = setTimeout(go, LOOK_MS);
      this.waiting.add(go);
      signal.addEventListener('abort', go);
      if (signal.aborted) go();
    });
  }
}
