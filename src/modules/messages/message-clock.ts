import { Injectable, Logger } from '@nestjs/common';

import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { DEFAULT_CONFIRM_TIMEOUT_SECONDS } from '../sessions/index.js';
import { Dispatcher } from './dispatcher.js';
import type { StatusChange } from './domain/message-status.js';
import { MessageClockRepository } from './message-clock.repository.js';
import { StatusWriter } from './status-writer.js';

const LOOK_INTERVAL_MS = 1000;
const SET = 1000;

const EXPIRED: StatusChange = {
  kind: 'given-up',
  status: 'EXPIRED',
  code: 'expired',
  detail: 'It was not sent before its time was over.',
  isClaimed: false,
};

/** Moves on what only waits for the time: schedules, expiries, acknowledgements that do not come. */
@Injectable()
export class MessageClock {
  private readonly logger = new Logger(MessageClock.name);
  private readonly stopped = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly messages: MessageClockRepository,
    private readonly status: StatusWriter,
    private readonly dispatcher: Dispatcher,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('message-clock', () => {
      this.tick();
      return Promise.resolve();
    });
    lifecycle.onDrain('work', 'message-clock', () => this.stop());
  }

  private tick(): void {
    this.looking = this.look().finally(() => {
      if (this.stopped.signal.aborted) return;
      this.timer = setTimeout(() => {
        this.tick();
      }, LOOK_INTERVAL_MS);
    });
  }

  private async stop(): Promise<void> {
    this.stopped.abort();
    clearTimeout(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      await this.queueDue();
      await this.changeAll(() => this.messages.findExpired(SET), EXPIRED);
      await this.changeAll(() => this.messages.findUnacknowledged(SET, DEFAULT_CONFIRM_TIMEOUT_SECONDS), {
        kind: 'unconfirmed',
      });
    } catch (error) {
      this.logger.warn({ err: error }, 'what is due could not be looked for; the next look tries again');
    }
  }

  private async queueDue(): Promise<void> {
    for (;;) {
      const { count, sessionIds } = await this.messages.queueDue(SET);
      for (const sessionId of sessionIds) this.dispatcher.wake(sessionId);
      if (count < SET || this.stopped.signal.aborted) return;
    }
  }

  /** One set a look: whatever more there is waits for the next, and the statuses of sends go first. */
  private async changeAll(find: () => Promise<readonly string[]>, change: StatusChange): Promise<void> {
    const ids = await find();
    const at = new Date();
    await Promise.all(
      ids.map((messageId) => this.status.persist({ target: { messageId }, change, at }, this.stopped.signal)),
    );
  }
}
