import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultOperation, FaultPlan } from './contract.ts';
import type { Journal } from './journal.ts';
import { SimError } from './sim-error.ts';

type PlannedFault = FaultPlan & { readonly mode: NonNullable<FaultPlan['mode']>; count: number };

const DEFAULT_DELAY_MS = 1000;

/** The failures that a test has ordered and that have not happened yet. */
export class Faults {
  private readonly planned: PlannedFault[] = [];
  private readonly journal: Journal;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  plan(fault: FaultPlan): readonly FaultPlan[] {
    this.planned.push({ ...fault, mode: fault.mode ?? 'error', count: fault.count ?? 1 });
    return this.planned;
  }

  clear(): readonly FaultPlan[] {
    this.planned.length = 0;
    return this.planned;
  }

  /** Uses up one planned failure of the operation, if there is one. */
  take(op: FaultOperation, phone: string | null): PlannedFault | null {
    const index = this.planned.findIndex((f) => f.op === op && (!f.phone || f.phone === phone) && f.count > 0);
    const fault = this.planned[index];
    if (!fault) return null;
    fault.count -= 1;
    if (fault.count <= 0) this.planned.splice(index, 1);
    this.journal.record('fault', { op, mode: fault.mode, phone });
    return fault;
  }

  /** Fails, hangs or waits as planned; false when the operation must pass for done without being done. */
  async strike(op: FaultOperation, phone: string | null): Promise<boolean> {
    const fault = this.take(op, phone);
    if (!fault) return true;
    if (fault.mode === 'silent') return false;
    if (fault.mode === 'hang') await never();
    if (fault.mode !== 'delay') throw new SimError(fault.status ?? 500, fault.message ?? `${op} failed`);
    await sleep(delayOf(fault));
    return true;
  }
}

/** An answer that does not come. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}

export function delayOf(fault: FaultPlan): number {
  return fault.delayMs ?? DEFAULT_DELAY_MS;
}
