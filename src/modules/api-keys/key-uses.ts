import { Injectable, Logger } from '@nestjs/common';

import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { ApiKeyRepository } from './api-key.repository.js';

const WRITE_INTERVAL_MS = 30_000;

/** When each key was last used: written in sets and now and then, never by the request itself. */
@Injectable()
export class KeyUses {
  private readonly logger = new Logger(KeyUses.name);
  private uses = new Map<string, Date>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly keys: ApiKeyRepository,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onStart('key-uses', () => {
      this.timer = setInterval(() => void this.write(), WRITE_INTERVAL_MS);
      return Promise.resolve();
    });
    lifecycle.onDrain('cache', 'key-uses', async () => {
      clearInterval(this.timer);
      await this.write();
    });
  }

  note(keyId: string): void {
    this.uses.set(keyId, new Date());
  }

  private async write(): Promise<void> {
    const { uses } = this;
    if (uses.size === 0) return;
    this.uses = new Map();
    try {
      await this.keys.noteUses(uses);
    } catch (error) {
      for (const [id, at] of uses) if (!this.uses.has(id)) this.uses.set(id, at);
      this.logger.warn({ err: error }, 'the last uses of keys could not be written and are kept for the next time');
    }
  }
}
