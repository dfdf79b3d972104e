import type { AckLevel } from '../engine.port.js';

const LEVELS: Readonly<Record<number, AckLevel>> = {
  [-1]: 'FAILED',
  1: 'SENT',
  2: 'DELIVERED',
  3: 'READ',
  4: 'PLAYED',
};

/** WhatsApp's count as a level; null while the message is only in the page. */
export const levelOf = (ack: number): AckLevel | null => LEVELS[ack] ?? null;

const REMEMBERED = 2_000;

/** The acknowledgements that arrived, for those who wait for one: it may be there before the send has returned. */
export class Acknowledgements {
  private readonly levels = new Map<string, AckLevel>();
  private readonly waiters = new Map<string, Set<(level: AckLevel) => void>>();

  arrived(id: string, level: AckLevel): void {
    this.levels.delete(id);
    this.levels.set(id, level);
    const oldest = this.levels.keys().next().value;
    if (this.levels.size > REMEMBERED && oldest !== undefined) this.levels.delete(oldest);
    for (const resolve of this.waiters.get(id) ?? []) resolve(level);
  }

  /** The first level that a message reaches, or null when none came in time. */
  async wait(id: string, timeoutMs: number): Promise<AckLevel | null> {
    const known = this.levels.get(id);
    if (known) return known;
    const waiting = this.waiters.get(id) ?? new Set();
    this.waiters.set(id, waiting);
    return new Promise((resolve) => {
      const settle = (level: AckLevel | null): void => {
        clearTimeout(timer);
        waiting.delete(settle);
        if (waiting.size === 0) this.waiters.delete(id);
        resolve(level);
      };
      const timer = setTimeout(settle, timeoutMs, null);
      // A send that has failed otherwise waits no longer, and need not keep the process.
      timer.unref();
      waiting.add(settle);
    });
  }
}
