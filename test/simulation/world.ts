import type { StatusChange } from '../../src/modules/messages/domain/message-status.js';
import { Random } from '../faults/crash/random.js';
import type { Happening } from './history.js';
import { MemoryDatabase } from './memory-database.js';
import { MemoryTables } from './memory-tables.js';
import { SESSION, SimulatedProcess } from './simulated-process.js';
import { SimulatedProvider } from './simulated-provider.js';
import { VirtualClock } from './virtual-clock.js';

const RESTART_MS = 1500;
const REST_STEP_MS = 1000;
const REST_STEPS = 180;

const CANCELLED: StatusChange = {
  kind: 'given-up',
  status: 'CANCELLED',
  code: 'cancelled',
  detail: '',
  isClaimed: false,
};

/** One history: two processes, one database, one provider, and everything that can come between them. */
export class World {
  readonly clock: VirtualClock;
  readonly tables: MemoryTables;
  readonly provider: SimulatedProvider;
  /** How often somebody wanted one more try of each message. */
  readonly retried = new Map<string, number>();
  /** What was acknowledged, where the process has stored it. */
  readonly heard: { readonly providerMessageId: string; readonly level: 'SENT' | 'DELIVERED' | 'READ' }[] = [];
  /** Nothing has died, stood still or lost its connection. */
  isCalm = true;
  private readonly database: MemoryDatabase;
  private readonly processes: SimulatedProcess[] = [];
  private started = 0;

  constructor(seed: number) {
    const random = new Random(seed);
    this.clock = new VirtualClock(random);
    this.tables = new MemoryTables(() => this.clock.now);
    this.database = new MemoryDatabase(this.tables, this.clock, random);
    this.provider = new SimulatedProvider(this.clock, random, (ack) => {
      const process = this.processes.find(({ isReady }) => isReady);
      if (process === undefined) return;
      this.clock.plan(
        0,
        () => {
          process.acknowledge(ack, () => this.heard.push(ack));
        },
        process,
      );
    });
  }

  async begin(): Promise<void> {
    this.clock.install();
    await this.startProcess(0);
    await this.startProcess(1);
  }

  end(): void {
    for (const process of this.processes) process.isDead = true;
    this.clock.uninstall();
  }

  async apply(what: Happening): Promise<void> {
    switch (what.kind) {
      case 'accept':
        return this.accept(what);
      case 'wait':
        return this.clock.advance(what.ms);
      case 'cancel':
        return this.decide(what.index, CANCELLED);
      case 'retry':
        return this.decide(what.index, { kind: 'retried' });
      case 'database-away':
        this.database.isAway = true;
        await this.clock.advance(what.ms);
        this.database.isAway = false;
        return;
      default:
        this.isCalm = false;
        return this.disturb(what);
    }
  }

  /** Heals everything and lets it run until nothing is on its way. */
  async rest(): Promise<void> {
    this.database.isHealed = true;
    this.provider.isHealed = true;
    // Somebody who stands still may have a decision on the way.
    await this.clock.advance(Math.max(0, ...this.processes.map(({ frozenUntil }) => frozenUntil - this.clock.now)));
    for (let step = 0; step < REST_STEPS; step += 1) {
      await this.clock.advance(REST_STEP_MS);
      if (step > 1 && !this.isOnItsWay() && this.processes.some(({ isReady }) => isReady)) break;
    }
    // Opened anew, a session asks for what became of everything that is uncertain.
    for (const process of this.processes)
      await this.clock.as(process, () => {
        process.disconnect();
      });
    await this.clock.advance(3 * REST_STEP_MS);
  }

  private isOnItsWay(): boolean {
    return this.tables.rows.messages.some(({ status }) => status === 'QUEUED' || status === 'SENDING');
  }

  private async accept({ lane, onUncertain, priority, livesMs }: Happening & { kind: 'accept' }): Promise<void> {
    const { messages, timeline } = this.tables.rows;
    const seq = messages.length + 1;
    const id = `msg_${String(seq)}`;
    messages.push({
      ...{ id, seq, sessionId: SESSION, to: `+1202555010${String(lane)}`, onUncertain, priority },
      ...{ status: 'QUEUED', attempts: 0, dueAt: this.clock.now, claimFence: null, errorCode: null },
      ...{ providerMessageId: null, sentAt: null, expiresAt: livesMs === null ? null : this.clock.now + livesMs },
    });
    timeline.push({ messageId: id, status: 'QUEUED' });
    const process = this.processes.find(({ isReady }) => isReady);
    if (process)
      await this.clock.as(process, () => {
        process.dispatcher.wake(SESSION);
      });
  }

  private async decide(index: number, change: StatusChange): Promise<void> {
    const { messages } = this.tables.rows;
    const messageId = messages[index % Math.max(1, messages.length)]?.id;
    const process = this.processes.find(({ isDead }) => !isDead);
    if (messageId === undefined || process === undefined) return;
    await this.clock.as(process, () => {
      process.transactions
        .run(async (tx) => {
          const steps = await process.status.decide([{ messageId, change }], tx);
          if (steps.length > 0 && change.kind === 'retried') {
            this.retried.set(messageId, (this.retried.get(messageId) ?? 0) + 1);
          }
        })
        .catch(() => undefined);
    });
    await this.clock.advance(100);
  }

  private async disturb(what: Happening & { kind: 'crash' | 'freeze' | 'disconnect' }): Promise<void> {
    const process = this.processes[what.process];
    if (process === undefined || process.isDead) return;
    if (what.kind === 'freeze') process.frozenUntil = Math.max(process.frozenUntil, this.clock.now + what.ms);
    if (what.kind === 'disconnect')
      await this.clock.as(process, () => {
        process.disconnect();
      });
    if (what.kind === 'crash') {
      process.isDead = true;
      this.clock.plan(RESTART_MS, () => void this.startProcess(what.process), null);
    }
  }

  private async startProcess(place: number): Promise<void> {
    this.started += 1;
    const name = `process ${String(this.started)}`;
    const process = new SimulatedProcess(name, this.database, this.provider);
    this.processes[place] = process;
    await this.clock.as(process, () => {
      process.start();
    });
  }
}
