import { ContentLoader } from '../../src/modules/messages/content-loader.js';
import { Dispatcher } from '../../src/modules/messages/dispatcher.js';
import { MessageClock } from '../../src/modules/messages/message-clock.js';
import { OutboxRecovery } from '../../src/modules/messages/outbox-recovery.js';
import { Outgoing } from '../../src/modules/messages/outgoing.js';
import { SendWaiters } from '../../src/modules/messages/send-waiters.js';
import { StatusWriter } from '../../src/modules/messages/status-writer.js';
import type { ReadySession, SessionDirectory } from '../../src/modules/sessions/index.js';
import { SessionLeases } from '../../src/modules/sessions/session-leases.js';
import type { Pacer } from '../../src/modules/limits/index.js';
import type { MediaService } from '../../src/modules/media/index.js';
import { noCheckpoints } from '../../src/platform/lifecycle/checkpoints.js';
import type { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import type { MemoryDatabase } from './memory-database.js';
import type { Arrival, SimulatedProvider } from './simulated-provider.js';
import type { Owner } from './virtual-clock.js';

export const SESSION = 'default';
export const MAX_ATTEMPTS = 3;
const LEASE_MS = 6000;
const OUTBOX = { attemptTimeoutMs: 2000, maxAttempts: MAX_ATTEMPTS, retryBaseMs: 200, drainGraceMs: 1000 };
const OPENS_MS = 100;

/** A process of the product: its own classes but for the database, the engine and what opens sessions. */
export class SimulatedProcess implements Owner {
  isDead = false;
  frozenUntil = 0;
  readonly status: StatusWriter;
  readonly dispatcher: Dispatcher;
  private readonly leases: SessionLeases;
  private readonly starters: (() => Promise<void>)[] = [];
  private readonly drains: (() => Promise<void>)[] = [];
  private session: ReadySession | null = null;
  private isOpening = false;

  constructor(
    readonly name: string,
    database: MemoryDatabase,
    private readonly provider: SimulatedProvider,
  ) {
    const { outbox, leases, outgoing, clock, statuses, transactions } = database.repositoriesOf(this);
    const lifecycle = {
      onStart: (_name: string, run: () => Promise<void>) => this.starters.push(run),
      onDrain: (_phase: string, _name: string, run: () => Promise<void>) => this.drains.push(run),
    } as unknown as Lifecycle;
    const config = { ...OUTBOX } as ConstructorParameters<typeof StatusWriter>[3];
    this.status = new StatusWriter(statuses, transactions, new SendWaiters(), config, noCheckpoints);
    const loader = new ContentLoader(undefined as unknown as MediaService);
    const recovery = new OutboxRecovery(outbox, new Outgoing(outgoing, loader), this.status, noCheckpoints);
    const pacer = { rulesOf: () => Promise.resolve(null) } as unknown as Pacer;
    this.dispatcher = new Dispatcher(this.directory(), recovery, pacer, config, noCheckpoints, lifecycle);
    new MessageClock(clock, this.status, this.dispatcher, lifecycle);
    const sessions = { leaseMs: LEASE_MS } as ConstructorParameters<typeof SessionLeases>[1];
    this.leases = new SessionLeases(leases, sessions, name, lifecycle);
    this.transactions = transactions;
  }

  readonly transactions: ReturnType<MemoryDatabase['repositoriesOf']>['transactions'];

  get isReady(): boolean {
    return !this.isDead && this.session !== null;
  }

  start(): void {
    this.leases.watch(() => {
      this.session = null;
    });
    setInterval(() => {
      void this.open();
    }, 500);
    void this.open();
    for (const run of this.starters) void run();
  }

  /** The connection of its session breaks; it is opened anew under the same lease. */
  disconnect(): void {
    this.session = null;
  }

  acknowledge({ providerMessageId, level }: Pick<Arrival, 'providerMessageId' | 'level'>, onStored: () => void): void {
    const target = { sessionId: SESSION, providerMessageId };
    this.status
      .persist({ target, change: { kind: 'reached', level }, at: new Date() })
      .then(onStored)
      .catch(() => undefined);
  }

  private async open(): Promise<void> {
    if (this.session !== null || this.isOpening) return;
    this.isOpening = true;
    try {
      const fence = await this.leases.acquire(SESSION);
      if (fence === null) return;
      await new Promise((resolve) => setTimeout(resolve, OPENS_MS));
      const handle = {
        newMessageId: () => this.provider.newMessageId(),
        send: (command: Parameters<SimulatedProvider['send']>[1]) => this.provider.send(this, command),
        findMessage: (id: string) => Promise.resolve(this.provider.find(id)),
      } as unknown as ReadySession['handle'];
      this.session = { sessionId: SESSION, engine: 'sandbox', handle, fence };
      this.dispatcher.wake(SESSION);
    } catch {
      // The database was away: the next look tries again.
    } finally {
      this.isOpening = false;
    }
  }

  private directory(): SessionDirectory {
    return {
      ready: () => this.session,
      readyIds: () => (this.session === null ? [] : [SESSION]),
      parallelSends: () => 3,
    } as unknown as SessionDirectory;
  }
}
