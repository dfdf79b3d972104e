import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';

/** The order in which the process lets go; what comes later is still needed by what comes earlier. */
export const DRAIN_ORDER = ['intake', 'work', 'engines', 'consumers', 'jobs', 'cache', 'database'] as const;
export type DrainPhase = (typeof DRAIN_ORDER)[number];

/** A connection that is half open is never closed by the other side: these steps are not waited for beyond it. */
const CLOSING_PHASES: ReadonlySet<DrainPhase> = new Set(['jobs', 'cache', 'database']);
const CLOSING_PATIENCE_MS = 10_000;

interface DrainStep {
  readonly phase: DrainPhase;
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Says when the database can be used, and lets go of everything in order when the process ends. */
@Injectable()
export class Lifecycle implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Lifecycle.name);
  private readonly steps: DrainStep[] = [];
  private readonly starters: { readonly name: string; readonly run: () => Promise<void> }[] = [];
  private isOpen = false;
  private draining: Promise<void> | undefined;

  get isDraining(): boolean {
    return this.draining !== undefined;
  }

  /** True once the database is migrated and everything that waits for it has started. */
  get isStarted(): boolean {
    return this.isOpen;
  }

  /** Runs when the database has been migrated, in the order of registration. */
  onStart(name: string, run: () => Promise<void>): void {
    this.starters.push({ name, run });
  }

  onDrain(phase: DrainPhase, name: string, run: () => Promise<void>): void {
    this.steps.push({ phase, name, run });
  }

  async start(): Promise<void> {
    for (let next = this.starters[0]; next !== undefined; next = this.starters[0]) {
      if (this.isDraining) return;
      await next.run();
      // What has started must not start twice when a later one fails and all of this is tried again.
      this.starters.shift();
    }
    this.isOpen = true;
  }

  /** Safe to call more than once; all callers wait for the same drain. */
  drain(): Promise<void> {
    this.draining ??= this.runDrain();
    return this.draining;
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.drain();
  }

  private async runDrain(): Promise<void> {
    for (const phase of DRAIN_ORDER) {
      const steps = this.steps.filter((step) => step.phase === phase);
      await Promise.all(
        steps.map(async ({ name, run }) => {
          try {
            await (CLOSING_PHASES.has(phase) ? this.patiently(name, run()) : run());
          } catch (error) {
            // The rest must still be let go of: a failed step is told, not passed on.
            this.logger.error({ err: error, step: name }, 'a step of the shutdown failed');
          }
        }),
      );
    }
  }

  private async patiently(name: string, closing: Promise<void>): Promise<void> {
    const patience = new AbortController();
    const end = closing
      .then(() => 'closed' as const)
      .finally(() => {
        patience.abort();
      });
    const isLate = sleep(CLOSING_PATIENCE_MS, 'late' as const, { signal: patience.signal }).catch(
      () => 'closed' as const,
    );
    if ((await Promise.race([end, isLate])) === 'late') {
      this.logger.error({ step: name }, 'a step of the shutdown was not done in time and is left behind');
    }
  }
}
