import { Inject, Injectable, Logger } from '@nestjs/common';

import { SessionsConfig } from '../../config/config.slices.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import type { Opening } from './opening.js';
import { SessionSupervisor } from './session-supervisor.js';

/** One miss may be a page that is busy; two in a row are a page that is dead. */
const MISSES_TO_LOSE = 2;

/** Asks every READY session for a sign of life: a page can look connected and be dead. */
@Injectable()
export class SessionProbe {
  private readonly logger = new Logger(SessionProbe.name);
  private readonly misses = new WeakMap<Opening, number>();
  private readonly underWay = new WeakSet<Opening>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly supervisor: SessionSupervisor,
    @Inject(SessionsConfig) private readonly config: SessionsConfig,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('liveness of sessions', () => {
      this.timer = setInterval(() => {
        for (const opening of this.supervisor.openings()) void this.probe(opening);
      }, this.config.probeIntervalMs);
      return Promise.resolve();
    });
    lifecycle.onDrain('work', 'liveness of sessions', () => {
      clearInterval(this.timer);
      return Promise.resolve();
    });
  }

  private async probe(opening: Opening): Promise<void> {
    const { handle } = opening;
    if (!opening.isReady || handle === undefined || this.underWay.has(opening)) return;
    this.underWay.add(opening);
    try {
      await handle.probe();
      this.misses.delete(opening);
    } catch (error) {
      const misses = (this.misses.get(opening) ?? 0) + 1;
      this.misses.set(opening, misses);
      const { sessionId } = opening.options;
      this.logger.warn({ err: error, sessionId, misses }, 'a session gave no sign of life');
      if (misses >= MISSES_TO_LOSE) opening.lost({ cause: 'connection', reason: 'The session no longer answered.' });
    } finally {
      this.underWay.delete(opening);
    }
  }
}
