import { type AuditEntry, GENESIS_HASH, linkHash } from './audit-entry.js';

/** The end of the chain, kept apart from it: what an entry that was cut off is noticed by. */
export interface ChainHead {
  readonly seq: bigint;
  readonly hash: string;
}

/**
 * `missing`: the entry that should stand here does not. `unlinked`: it does not continue the one before it. `changed`:
 * its content is not what was hashed. `surplus`: it stands behind the head of the chain. `other-head`: the chain is
 * whole in itself and ends otherwise than the head says.
 */
export type BreakReason = 'missing' | 'unlinked' | 'changed' | 'surplus' | 'other-head';

export interface BrokenLink {
  readonly seq: bigint;
  /** Null when the entry is missing. */
  readonly id: string | null;
  readonly reason: BreakReason;
}

/** Walks the chain from its first entry; what it needs to remember is the last link. */
export class ChainWalk {
  private last: ChainHead = { seq: 0n, hash: GENESIS_HASH };

  get head(): ChainHead {
    return this.last;
  }

  /** The fault that this entry shows, or null when it continues the chain. */
  add(entry: AuditEntry): BrokenLink | null {
    const { seq, id } = entry;
    const expected = this.last.seq + 1n;
    if (seq > expected) return { seq: expected, id: null, reason: 'missing' };
    if (seq < expected) return { seq, id, reason: 'surplus' };
    if (entry.previousHash !== this.last.hash) return { seq, id, reason: 'unlinked' };
    if (entry.hash !== linkHash(seq, entry.previousHash, entry)) return { seq, id, reason: 'changed' };
    this.last = { seq, hash: entry.hash };
    return null;
  }

  /** The fault that the head shows once all entries up to it have been added. */
  finish(head: ChainHead): BrokenLink | null {
    if (this.last.seq < head.seq) return { seq: this.last.seq + 1n, id: null, reason: 'missing' };
    if (this.last.hash !== head.hash) return { seq: this.last.seq, id: null, reason: 'other-head' };
    return null;
  }
}
