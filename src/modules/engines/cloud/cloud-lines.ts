import { Injectable, Logger } from '@nestjs/common';

import { CloudUpdateRepository } from './cloud-update.repository.js';

const LOOK_MS = 1_000;

/**
 * The numbers that this process drives. Whoever has stored something for one wakes its reader; what another process has
 * stored is looked for, once a second for all of them.
 */
@Injectable()
export class CloudLines {
  private readonly logger = new Logger(CloudLines.name);
  private readonly wakes = new Map<string, () => void>();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  constructor(private readonly updates: CloudUpdateRepository) {}

  open(phoneNumberId: string, wake: () => void): void {
    this.wakes.set(phoneNumberId, wake);
    this.timer ??= setInterval(() => void this.look(), LOOK_MS);
  }

  /** Unless somebody else has taken the number over meanwhile. */
  close(phoneNumberId: string, wake: () => void): void {
    if (this.wakes.get(phoneNumberId) === wake) this.wakes.delete(phoneNumberId);
    if (this.wakes.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  wake(phoneNumberIds: Iterable<string>): void {
    for (const id of phoneNumberIds) this.wakes.get(id)?.();
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      this.wake(await this.updates.findWaiting([...this.wakes.keys()]));
    } catch (error) {
      this.logger.warn({ err: error }, 'what Meta has told could not be looked for; the next look tries again');
    } finally {
      this.isLooking = false;
    }
  }
}
