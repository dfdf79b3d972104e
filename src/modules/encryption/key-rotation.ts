import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Logger } from '@nestjs/common';

import { KeyWatch } from '../../platform/crypto/key-watch.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { EncryptionFigures } from './encryption-figures.js';
import { KeyHistory } from './key-history.js';
import { Resealer } from './resealer.js';

/** Processes that still have only the old key go on sealing with it: what they have written is found by then. */
const INTERVAL_MS = 3_600_000;
/** After a fault of the database, and for rows that somebody held. */
const AGAIN_MS = 2_000;

/**
 * Brings all stored secrets under the key that seals, while the process does its work. A row is found by what stands in
 * it and not by where an earlier run stood: it may be cut short at any moment, and several processes may do it at once
 * (ADR 0101).
 */
@Injectable()
export class KeyRotation {
  private readonly logger = new Logger(KeyRotation.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private isWantedAgain = false;

  constructor(
    private readonly secrets: Secrets,
    private readonly history: KeyHistory,
    private readonly resealer: Resealer,
    private readonly figures: EncryptionFigures,
    watch: KeyWatch,
    lifecycle: Lifecycle,
  ) {
    let timer: NodeJS.Timeout | undefined;
    lifecycle.onStart('key rotation', () => {
      timer = setInterval(() => void this.run(), INTERVAL_MS).unref();
      void this.run();
      return Promise.resolve();
    });
    watch.onChange(() => void this.run());
    lifecycle.onDrain('jobs', 'key rotation', async () => {
      clearInterval(timer);
      this.stopping.abort();
      await this.running;
    });
  }

  /** Resolves when every stored secret that can be opened is sealed with the key that seals, or the process stops. */
  run(): Promise<void> {
    this.isWantedAgain = true;
    this.running ??= this.work().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async work(): Promise<void> {
    while (this.isWantedAgain && !this.stopping.signal.aborted) {
      this.isWantedAgain = false;
      try {
        await this.bringUnder(this.secrets.keys.current.id);
      } catch (error) {
        this.logger.warn({ err: error }, 'stored secrets could not be looked through and will be again');
        await this.wait(AGAIN_MS);
        this.isWantedAgain = true;
      }
    }
  }

  private async bringUnder(keyId: string): Promise<void> {
    const newest = await this.history.introduce(keyId);
    const uses = await this.figures.refresh();
    const others = uses.filter(({ state }) => state !== 'current').reduce((sum, { rows }) => sum + rows, 0);
    if (newest !== keyId) {
      // Two keys that seal would take each other's rows for ever: the one that came last is the one.
      this.logger.warn({ keyId, newestKeyId: newest }, 'this process seals with an encryption key that was replaced');
      return;
    }
    if (others > 0) this.logger.log({ keyId, rows: others }, 'stored secrets are sealed with another key');
    const unreadable = await this.passes(keyId);
    if (!this.goesOn(keyId)) return;
    if (others > 0) await this.figures.refresh();
    const resealed = await this.history.complete(keyId, unreadable);
    if (resealed !== null) this.logger.log({ keyId, resealed, unreadable }, 'the encryption key was replaced');
  }

  /** Answers how many stored secrets no key of this server opens. */
  private async passes(keyId: string): Promise<number> {
    for (;;) {
      const result = await this.resealer.pass(keyId, () => this.goesOn(keyId));
      if (result.resealed > 0) this.logger.log({ keyId, ...result }, 'stored secrets were sealed anew');
      // Once more after every row that was found: another process may have written behind us.
      if (!this.goesOn(keyId) || result.resealed + result.passedOver === 0) {
        if (result.unreadable > 0)
          this.logger.warn({ keyId, ...result }, 'stored secrets can be opened with no key here');
        return result.unreadable;
      }
      if (result.passedOver > 0) await this.wait(AGAIN_MS);
    }
  }

  private goesOn(keyId: string): boolean {
    return !this.stopping.signal.aborted && this.secrets.keys.current.id === keyId;
  }

  private wait(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
