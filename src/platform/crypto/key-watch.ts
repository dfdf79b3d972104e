import { Inject, Injectable, Logger } from '@nestjs/common';

import { IdentityConfig, StorageConfig } from '../../config/config.slices.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { readKeyRing, Secrets } from './secrets.js';

const INTERVAL_MS = 2000;

/** Takes over the key files that the operator changes while the process runs. */
@Injectable()
export class KeyWatch {
  private readonly logger = new Logger(KeyWatch.name);
  private readonly listeners: (() => void)[] = [];
  private trouble: string | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly secrets: Secrets,
    @Inject(IdentityConfig) private readonly identity: IdentityConfig,
    @Inject(StorageConfig) private readonly storage: StorageConfig,
    lifecycle: Lifecycle,
  ) {
    let timer: NodeJS.Timeout | undefined;
    lifecycle.onStart('encryption keys', () => {
      timer = setInterval(() => void this.look(), INTERVAL_MS).unref();
      return Promise.resolve();
    });
    lifecycle.onDrain('intake', 'encryption keys', async () => {
      clearInterval(timer);
      await this.looking;
    });
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Looks at once instead of at the next interval. */
  look(): Promise<void> {
    this.looking ??= this.read().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async read(): Promise<void> {
    try {
      const next = await readKeyRing({ ...this.identity, ...this.storage });
      if (next === undefined) throw new Error('The file of the encryption key is gone.');
      this.trouble = undefined;
      if (!this.secrets.keys.takeOver(next)) return;
      const { current, all } = this.secrets.keys;
      this.logger.log({ keyId: current.id, keyIds: all.map(({ id }) => id) }, 'the encryption keys have changed');
      for (const listener of this.listeners) listener();
    } catch (error) {
      // The keys in memory stay good: what cannot be read is told once, and looked at again.
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.trouble) this.logger.error({ err: error }, 'the encryption keys cannot be read');
      this.trouble = message;
    }
  }
}
