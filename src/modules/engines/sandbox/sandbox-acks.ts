import type { AckLevel, EngineReports } from '../engine.port.js';
import type { SandboxRepository } from './sandbox.repository.js';

const LEVELS: readonly AckLevel[] = ['SENT', 'SENT', 'DELIVERED', 'READ', 'PLAYED'];
const FAILED = -1;

/** How far an arrival got, by the number that is kept of it. */
export const levelOf = (ack: number): AckLevel => (ack === FAILED ? 'FAILED' : (LEVELS[ack] ?? 'SENT'));

const TICK_MS = 20;
/** Ticks between one acknowledgement of a message and the next. */
const STEP_TICKS = 3;

interface Pending {
  level: number;
  readonly depth: number;
  waitTicks: number;
}

/** Acknowledges what arrived, step by step as a contact's phone would, in sets. */
export class SandboxAcks {
  private readonly pending = new Map<string, Pending>();
  private timer: NodeJS.Timeout | undefined;
  private busy: Promise<void> | undefined;
  isAutomatic = true;

  constructor(
    private readonly sessionId: string,
    private readonly reports: EngineReports,
    private readonly repository: SandboxRepository,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => {
      if (this.pending.size > 0) this.busy ??= this.tick().finally(() => (this.busy = undefined));
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.busy;
    this.pending.clear();
  }

  add(providerMessageId: string, from: number, depth: number): void {
    if (from < depth && this.isAutomatic) {
      this.pending.set(providerMessageId, { level: from, depth, waitTicks: 0 });
    }
  }

  /** Reports one level by hand. */
  async acknowledge(providerMessageId: string, level: number): Promise<void> {
    await this.reports.acked({ providerMessageId, level: levelOf(level), at: new Date() });
    await this.repository.acknowledge(this.sessionId, new Map([[providerMessageId, level]]));
  }

  /** What the provider had taken has failed after all. */
  async fail(providerMessageId: string): Promise<void> {
    this.pending.delete(providerMessageId);
    const error = { code: 'failed-at-provider', detail: 'The sandbox was told to fail it.' };
    await this.reports.acked({ providerMessageId, level: 'FAILED', at: new Date(), error });
    await this.repository.fail(this.sessionId, providerMessageId, FAILED);
  }

  private async tick(): Promise<void> {
    const due = new Map<string, number>();
    for (const [id, entry] of this.pending) {
      if (entry.waitTicks > 0) {
        entry.waitTicks -= 1;
        continue;
      }
      entry.level += 1;
      entry.waitTicks = STEP_TICKS;
      due.set(id, entry.level);
      if (entry.level >= entry.depth) this.pending.delete(id);
    }
    if (due.size === 0) return;
    try {
      const at = new Date();
      await Promise.all(
        [...due].map(([providerMessageId, level]) =>
          this.reports.acked({ providerMessageId, level: levelOf(level), at }),
        ),
      );
      await this.repository.acknowledge(this.sessionId, due);
    } catch (error) {
      // The rows still stand unacknowledged: the next opening reports them again.
      this.onError(error);
    }
  }
}
