import { Inject, Injectable, Logger } from '@nestjs/common';

import { SessionsConfig } from '../../config/config.slices.js';
import { InstanceId } from '../../platform/lifecycle/instance-id.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { LeaseRepository } from './lease.repository.js';

type OnLost = (sessionId: string) => void;

interface Held {
  fence: bigint;
  /** On this process's monotonic clock: when the lease must be taken as lost if it was not renewed. */
  deadline: number;
}

/** The sessions that this process owns. Two processes never drive one linked number. */
@Injectable()
export class SessionLeases {
  private readonly logger = new Logger(SessionLeases.name);
  private readonly held = new Map<string, Held>();
  private timer: NodeJS.Timeout | undefined;
  private onLost: OnLost = () => undefined;

  constructor(
    private readonly leases: LeaseRepository,
    @Inject(SessionsConfig) private readonly config: SessionsConfig,
    @Inject(InstanceId) private readonly owner: string,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onDrain('consumers', 'session leases', () => this.releaseAll());
  }

  watch(onLost: OnLost): void {
    this.onLost = onLost;
    this.timer ??= setInterval(() => {
      void this.renew();
    }, this.config.leaseMs / 3);
  }

  /** The fence, or null when another process holds the session. */
  async acquire(sessionId: string): Promise<bigint | null> {
    const known = this.held.get(sessionId);
    if (known) return known.fence;
    const started = performance.now();
    const fence = await this.leases.acquire(sessionId, this.owner, this.config.leaseMs);
    if (fence !== null) this.held.set(sessionId, { fence, deadline: started + this.config.leaseMs });
    return fence;
  }

  fenceOf(sessionId: string): bigint | null {
    const held = this.held.get(sessionId);
    return held && performance.now() < held.deadline ? held.fence : null;
  }

  private async renew(): Promise<void> {
    if (this.held.size === 0) return;
    const started = performance.now();
    try {
      const kept = await this.leases.renew(this.owner, this.config.leaseMs);
      for (const [sessionId, held] of this.held) {
        if (kept.get(sessionId) === held.fence) held.deadline = started + this.config.leaseMs;
        else this.lose(sessionId);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'the leases of the sessions could not be renewed');
      // Without the database nobody else can take a session either: it is kept, and nothing is claimed past the deadline.
    }
  }

  private lose(sessionId: string): void {
    this.held.delete(sessionId);
    this.logger.error({ sessionId }, 'the lease of a session was lost to another process');
    this.onLost(sessionId);
  }

  private async releaseAll(): Promise<void> {
    clearInterval(this.timer);
    const sessions = [...this.held.keys()];
    this.held.clear();
    await Promise.all(sessions.map((sessionId) => this.leases.release(sessionId, this.owner)));
  }
}
