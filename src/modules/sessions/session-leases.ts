import { Inject, Injectable, Logger } from '@nestjs/common';

import { SessionsConfig } from '../../config/config.slices.js';
import { InstanceId } from '../../platform/lifecycle/instance-id.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { LeaseRepository } from './lease.repository.js';
import { SessionOwnedElsewhereError } from './session.errors.js';

type OnLost = (sessionId: string) => void;

/** The sessions that this process owns. Two processes never drive one linked number. */
@Injectable()
export class SessionLeases {
  private readonly logger = new Logger(SessionLeases.name);
  private readonly fences = new Map<string, bigint>();
  private timer: NodeJS.Timeout | undefined;
  private onLost: OnLost = () => undefined;

  constructor(
    private readonly leases: LeaseRepository,
    @Inject(SessionsConfig) private readonly config: SessionsConfig,
    @Inject(InstanceId) readonly owner: string,
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

  /** The fence, or null when another process holds the session. Claims are checked against it in the database. */
  async acquire(sessionId: string): Promise<bigint | null> {
    const known = this.fences.get(sessionId);
    if (known !== undefined) {
      // This process may have stood still for longer than its lease, and somebody else have taken it.
      if (await this.leases.isHeld(sessionId, this.owner, known)) return known;
      this.fences.delete(sessionId);
    }
    const fence = await this.leases.acquire(sessionId, this.owner, this.config.leaseMs);
    if (fence !== null) this.fences.set(sessionId, fence);
    return fence;
  }

  /** Throws when another process drives the session. */
  async requireNotElsewhere(sessionId: string): Promise<void> {
    if (await this.leases.isHeldElsewhere(sessionId, this.owner)) throw new SessionOwnedElsewhereError(sessionId);
  }

  /** The session and its lease are no more. */
  forget(sessionId: string): void {
    this.fences.delete(sessionId);
  }

  private async renew(): Promise<void> {
    // One that is taken while the answer is on its way is not in it.
    const held = [...this.fences];
    if (held.length === 0) return;
    try {
      const kept = await this.leases.renew(this.owner, this.config.leaseMs);
      for (const [sessionId, fence] of held) {
        if (kept.get(sessionId) !== fence && this.fences.get(sessionId) === fence) this.lose(sessionId);
      }
    } catch (error) {
      // Without the database nobody else can take a session either; what is claimed is checked against the lease there.
      this.logger.warn({ err: error }, 'the leases of the sessions could not be renewed');
    }
  }

  private lose(sessionId: string): void {
    this.fences.delete(sessionId);
    this.logger.error({ sessionId }, 'the lease of a session was lost to another process');
    this.onLost(sessionId);
  }

  private async releaseAll(): Promise<void> {
    clearInterval(this.timer);
    const sessions = [...this.fences.keys()];
    this.fences.clear();
    await Promise.all(sessions.map((sessionId) => this.leases.release(sessionId, this.owner)));
  }
}
