import { Inject, Injectable, Logger } from '@nestjs/common';

import { OutboxConfig } from '../../config/config.slices.js';
import type { DomainEvent } from '../../kernel/events/event-definition.js';
import { OnDomainEvent } from '../../platform/events/event-bus.js';
import { Checkpoints } from '../../platform/lifecycle/checkpoints.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { Pacer } from '../limits/index.js';
import { type ReadySession, SessionDirectory, SessionReady } from '../sessions/index.js';
import { Sender } from './sender.js';
import { OutboxRecovery } from './outbox-recovery.js';
import type { SenderTools } from './sender-tools.js';

/** Retries become due, and other processes accept messages: a look now and then finds both. */
const LOOK_INTERVAL_MS = 1000;
const LOOKS_PER_SWEEP = 5;

/** Keeps one sender for each session that is READY in this process. */
@Injectable()
export class Dispatcher {
  private readonly logger = new Logger(Dispatcher.name);
  private readonly senders = new Map<string, Sender>();
  private readonly starting = new Set<string>();
  private readonly patience = new AbortController();
  private readonly tools: SenderTools;
  private timer: NodeJS.Timeout | undefined;
  private looks = 0;

  constructor(
    private readonly sessions: SessionDirectory,
    private readonly recovery: OutboxRecovery,
    pacer: Pacer,
    @Inject(OutboxConfig) private readonly config: OutboxConfig,
    @Inject(Checkpoints) checkpoints: Checkpoints,
    lifecycle: Lifecycle,
  ) {
    const { attemptTimeoutMs } = config;
    const until = this.patience.signal;
    const underWay = new Set<string>();
    this.tools = { ...recovery.tools, pacer, checkpoints, attemptTimeoutMs, underWay, until };
    lifecycle.onStart('senders', () => {
      this.timer = setInterval(() => {
        this.look();
      }, LOOK_INTERVAL_MS);
      this.look();
      return Promise.resolve();
    });
    lifecycle.onDrain('work', 'senders', () => this.stop());
  }

  /** Something may be due on this session. */
  wake(sessionId: string): void {
    const sender = this.senders.get(sessionId);
    if (sender === undefined) this.ensure(sessionId);
    else sender.wake();
  }

  @OnDomainEvent(SessionReady)
  onReady({ sessionId }: DomainEvent<typeof SessionReady>): void {
    if (sessionId !== null) this.ensure(sessionId);
  }

  private look(): void {
    for (const sessionId of this.sessions.readyIds()) this.ensure(sessionId);
    for (const [sessionId, sender] of this.senders) {
      if (this.sessions.ready(sessionId)?.handle === sender.session.handle) sender.wake();
      else this.retire(sessionId, sender);
    }
    this.looks += 1;
    if (this.looks % LOOKS_PER_SWEEP === 0) void this.sweep();
  }

  private ensure(sessionId: string): void {
    const ready = this.sessions.ready(sessionId);
    const current = this.senders.get(sessionId);
    if (ready === null || this.timer === undefined || current?.session.handle === ready.handle) return;
    if (current) this.retire(sessionId, current);
    if (this.starting.has(sessionId)) return;
    this.starting.add(sessionId);
    void this.begin(ready).finally(() => this.starting.delete(sessionId));
  }

  private async begin(ready: ReadySession): Promise<void> {
    const { sessionId } = ready;
    try {
      await this.recovery.recover(ready);
      if (this.timer === undefined || this.sessions.ready(sessionId)?.handle !== ready.handle) return;
      const sender = new Sender(ready, this.sessions.parallelSends(ready), this.tools);
      this.senders.set(sessionId, sender);
      sender.wake();
    } catch (error) {
      this.logger.warn({ err: error, sessionId }, 'the sender of a session could not begin; the next look tries again');
    }
  }

  private async sweep(): Promise<void> {
    for (const { session } of this.senders.values()) {
      try {
        await this.recovery.freeStranded(session, this.tools.underWay);
      } catch (error) {
        this.logger.warn({ err: error, sessionId: session.sessionId }, 'stranded messages could not be looked for');
      }
    }
  }

  private retire(sessionId: string, sender: Sender): void {
    this.senders.delete(sessionId);
    void sender.stop(0);
  }

  private async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await Promise.all([...this.senders.values()].map((sender) => sender.stop(this.config.drainGraceMs)));
    this.patience.abort();
  }
}
