import { Injectable, Logger } from '@nestjs/common';

/** What a component says about itself. `sentence` is public: it names no secret and no person. */
export type Finding =
  | { readonly isWell: true; readonly detail?: Readonly<Record<string, unknown>> }
  | { readonly isWell: false; readonly sentence: string; readonly detail?: Readonly<Record<string, unknown>> };

export interface HealthIndicator {
  /** Whether the process is of no use without it; else it only goes on with less. */
  readonly critical: boolean;
  /** May reject or take too long: both count as unwell. */
  readonly check: () => Finding | Promise<Finding>;
}

export interface ComponentHealth {
  readonly name: string;
  readonly critical: boolean;
  readonly finding: Finding;
}

export interface HealthReport {
  readonly status: 'ready' | 'degraded' | 'not-ready';
  readonly components: readonly ComponentHealth[];
}

const DEADLINE_MS = 3000;
/** Anyone may ask for the health: asking more often than this finds the last answer. */
const FRESH_MS = 500;

const toStatus = (components: readonly ComponentHealth[]): HealthReport['status'] => {
  const unwell = components.filter(({ finding }) => !finding.isWell);
  if (unwell.some(({ critical }) => critical)) return 'not-ready';
  return unwell.length > 0 ? 'degraded' : 'ready';
};

/**
 * Where every component says how it is. Plain, without @nestjs/terminus: its answers know up and down, not "goes on
 * with less", it asks every component for every caller, and it logs each time instead of once per change (ADR 0032).
 */
@Injectable()
export class HealthIndicators {
  private readonly logger = new Logger(HealthIndicators.name);
  private readonly indicators = new Map<string, HealthIndicator>();
  private readonly told = new Map<string, string>();
  private latest: { readonly report: Promise<HealthReport>; staleAt: number } | undefined;

  register(name: string, indicator: HealthIndicator): void {
    this.indicators.set(name, indicator);
  }

  /** How everything is now, or was a moment ago. */
  report(): Promise<HealthReport> {
    if (this.latest === undefined || performance.now() > this.latest.staleAt) {
      const latest = { report: this.look(), staleAt: Infinity };
      void latest.report.then(() => (latest.staleAt = performance.now() + FRESH_MS));
      this.latest = latest;
    }
    return this.latest.report;
  }

  private async look(): Promise<HealthReport> {
    const components = await Promise.all([...this.indicators].map(([name, indicator]) => this.ask(name, indicator)));
    for (const component of components) this.tellChange(component);
    return { status: toStatus(components), components };
  }

  private async ask(name: string, { critical, check }: HealthIndicator): Promise<ComponentHealth> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Finding>((resolve) => {
      timer = setTimeout(() => {
        resolve({
          isWell: false,
          sentence: `The ${name} did not answer within ${String(DEADLINE_MS / 1000)} seconds.`,
        });
      }, DEADLINE_MS);
    });
    try {
      return { name, critical, finding: await Promise.race([Promise.resolve().then(check), late]) };
    } catch {
      return { name, critical, finding: { isWell: false, sentence: `The ${name} could not be checked.` } };
    } finally {
      clearTimeout(timer);
    }
  }

  private tellChange({ name, finding }: ComponentHealth): void {
    const before = this.told.get(name);
    if (finding.isWell) {
      if (before !== undefined) this.logger.log({ component: name }, `The ${name} is well again.`);
      this.told.delete(name);
    } else if (before !== finding.sentence) {
      this.told.set(name, finding.sentence);
      this.logger.warn({ component: name }, finding.sentence);
    }
  }
}
