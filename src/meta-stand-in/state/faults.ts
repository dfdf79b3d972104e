import { type Random } from '../base/random.js';

/** What a fault does; `failed` takes the message and tells its failure by webhook. */
export const FAULT_KINDS: readonly string[] = [
  ...['error', 'answer', 'delay', 'failed', 'cut-before', 'cut-after', 'hang-before', 'hang-after', 'truncate'],
];

export interface Fault {
  readonly id: number;
  readonly kind: string;
  /** The edge it concerns, as `messages`; every one without it. */
  readonly operation?: string | undefined;
  /** The recipient it concerns, as the caller wrote it. */
  readonly to?: string | undefined;
  readonly probability: number;
  /** How many more calls; undefined: all of them. */
  times: number | undefined;
  readonly code?: number | undefined;
  readonly subcode?: number | undefined;
  readonly details?: string | undefined;
  readonly isTransient?: boolean | undefined;
  readonly httpStatus?: number | undefined;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  readonly delayMs?: number | undefined;
}

export interface FaultTarget {
  readonly operation: string;
  readonly to: string | undefined;
}

/** Faults on demand: the first that fits a call is taken. */
export class Faults {
  private active: Fault[] = [];
  private nextId = 1;

  constructor(private readonly random: Random) {}

  add(fault: Omit<Fault, 'id'>): Fault {
    const added = { ...fault, id: this.nextId };
    this.nextId += 1;
    this.active.push(added);
    return added;
  }

  take({ operation, to }: FaultTarget): Fault | undefined {
    const found = this.active.find(
      (fault) =>
        (fault.operation === undefined || fault.operation === operation) &&
        (fault.to === undefined || fault.to === to) &&
        (fault.probability >= 1 || this.random.chance(fault.probability)),
    );
    if (found?.times !== undefined) {
      found.times -= 1;
      if (found.times <= 0) this.active = this.active.filter((fault) => fault !== found);
    }
    return found;
  }

  all(): readonly Fault[] {
    return this.active;
  }

  remove(id: number): boolean {
    const before = this.active.length;
    this.active = this.active.filter((fault) => fault.id !== id);
    return this.active.length < before;
  }

  clear(): void {
    this.active = [];
  }
}
