import { Logger } from '@nestjs/common';

const TRIES = 6;
const FIRST_PAUSE_MS = 200;

/** Delivers reports one after the other; one that could not be stored is tried again before the next one goes. */
export class ReportQueue {
  private readonly logger = new Logger(ReportQueue.name);
  private tail: Promise<void> = Promise.resolve();
  private readonly stopped = new AbortController();

  constructor(private readonly sessionId: string) {}

  get isStopped(): boolean {
    return this.stopped.signal.aborted;
  }

  add(deliver: () => Promise<void>): void {
    this.tail = this.tail.then(() => this.deliver(deliver));
  }

  /** No delivery begins after this; resolves when the one under way is over. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.tail;
  }

  private async deliver(deliver: () => Promise<void>): Promise<void> {
    for (let attempt = 1; !this.isStopped; attempt += 1) {
      try {
        await deliver();
        return;
      } catch (error) {
        if (attempt === TRIES) {
          this.logger.error({ err: error, sessionId: this.sessionId }, 'a report could not be stored and is given up');
          return;
        }
        await this.pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }

  private pause(pauseMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.stopped.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, pauseMs);
      this.stopped.signal.addEventListener('abort', done);
    });
  }
}
