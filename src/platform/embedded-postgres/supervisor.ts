import { reasonOf } from './embedded-postgres.error.js';
import { isRunning } from './process-table.js';

const LOOK_EVERY_MS = 500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Starts PostgreSQL again when it ends without being asked to. */
export class Supervisor {
  private timer: NodeJS.Timeout | undefined;
  private pauseMs = FIRST_PAUSE_MS;
  private restarting: Promise<void> = Promise.resolve();
  private isOff = false;

  constructor(
    private pid: number,
    private readonly restart: () => Promise<number>,
    private readonly log: Pick<Console, 'warn'>,
  ) {
    this.lookAgainIn(LOOK_EVERY_MS);
  }

  /** Ceases, and tells the process that serves now. */
  async end(): Promise<number> {
    this.isOff = true;
    clearTimeout(this.timer);
    await this.restarting;
    return this.pid;
  }

  private lookAgainIn(ms: number): void {
    if (this.isOff) return;
    this.timer = setTimeout(() => {
      this.restarting = this.look();
    }, ms);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    if (isRunning(this.pid)) {
      this.pauseMs = FIRST_PAUSE_MS;
      this.lookAgainIn(LOOK_EVERY_MS);
      return;
    }
    this.log.warn('PostgreSQL has ended without being asked to: it is started again.');
    try {
      this.pid = await this.restart();
    } catch (error) {
      this.log.warn(`PostgreSQL could not be started again: ${reasonOf(error)}`);
      this.pauseMs = Math.min(this.pauseMs * 2, LONGEST_PAUSE_MS);
    }
    this.lookAgainIn(this.pauseMs);
  }
}
