import type { EngineReports } from '../engine.port.js';
import type { CloudLines } from './cloud-lines.js';
import type { CloudUpdateRepository, PendingUpdate, WorkedUpdates } from './cloud-update.repository.js';
import { reportOf } from './update-report.js';

const SET = 500;
/** Failures of the update itself: the reports wait for a database that is away. */
const MAX_FAILURES = 5;

interface FeedLine {
  readonly phoneNumberId: string;
  readonly reports: EngineReports;
  readonly updates: CloudUpdateRepository;
  readonly lines: CloudLines;
  readonly onError: (error: unknown) => void;
}

/** Hands on what Meta has told about one number, in sets and in order, and only then forgets it. */
export class CloudFeed {
  private running: Promise<void> | undefined;
  private again = false;
  private isStopped = false;
  private readonly wake = (): void => {
    if (this.isStopped) return;
    if (this.running !== undefined) {
      this.again = true;
      return;
    }
    this.running = this.run().finally(() => {
      this.running = undefined;
      if (!this.again) return;
      this.again = false;
      this.wake();
    });
  };

  constructor(private readonly line: FeedLine) {}

  /** From here on whatever comes is handed on; first, and at most for so long, what waits already. */
  async start(patienceMs: number): Promise<void> {
    this.line.lines.open(this.line.phoneNumberId, this.wake);
    this.wake();
    const patience = new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
    await Promise.race([this.running, patience]);
  }

  /** What is being handed on is waited for. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.line.lines.close(this.line.phoneNumberId, this.wake);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (!this.isStopped && (await this.workSet()));
    } catch (error) {
      // It is all still there: the next look begins with it.
      this.line.onError(error);
    }
  }

  /** False when nothing is left. */
  private async workSet(): Promise<boolean> {
    const { updates, phoneNumberId } = this.line;
    const pending = await updates.findPending(phoneNumberId, SET);
    if (pending.length === 0) return false;
    const worked = await this.report(pending);
    await updates.settle(worked, MAX_FAILURES);
    return pending.length === SET && worked.failed.length === 0;
  }

  /** Messages and statuses at once; what happens to a message comes after it. */
  private async report(pending: readonly PendingUpdate[]): Promise<WorkedUpdates> {
    const { reports } = this.line;
    const told = pending.map(({ id, ...update }) => ({ id, ...reportOf(update) }));
    const failed = new Set<bigint>();
    const tell = async ({ id, run }: (typeof told)[number]): Promise<void> => {
      try {
        await run(reports);
      } catch (error) {
        failed.add(id);
        this.line.onError(error);
      }
    };
    await Promise.all(told.filter(({ isLater }) => !isLater).map(tell));
    for (const later of told.filter(({ isLater }) => isLater)) await tell(later);
    const worked = told.filter(({ id }) => !failed.has(id));
    return {
      done: worked.filter(({ isKept }) => !isKept).map(({ id }) => id),
      kept: worked.filter(({ isKept }) => isKept).map(({ id }) => id),
      failed: [...failed],
    };
  }
}
