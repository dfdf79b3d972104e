import { Injectable } from '@nestjs/common';

import { AuditRepository } from './audit.repository.js';
import { type BrokenLink, type ChainHead, ChainWalk } from './domain/audit-chain.js';

/** Entries in memory at one time. */
const BATCH = 1000;

export interface Verification {
  readonly entries: bigint;
  readonly head: ChainHead;
  /** Null when the trail is whole. */
  readonly firstBad: BrokenLink | null;
}

/** Recomputes every link of the chain, and compares its end with the head that is kept apart from it. */
@Injectable()
export class AuditVerifier {
  private running: Promise<Verification> | undefined;

  constructor(private readonly entries: AuditRepository) {}

  /** Whoever asks while one runs gets the answer of that one: a walk reads the whole trail. */
  verify(): Promise<Verification> {
    this.running ??= this.walk().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async walk(): Promise<Verification> {
    // The last entry is read before the head: what is appended in between stands below the head, never above it.
    const last = await this.entries.findLast();
    const head = await this.entries.getHead();
    const firstBad = await this.findBreak(head);
    if (firstBad) return { entries: await this.entries.count(head.seq), head, firstBad };
    const count = await this.entries.count(head.seq);
    if (last && last.seq > head.seq) {
      return { entries: count, head, firstBad: { seq: last.seq, id: last.id, reason: 'surplus' } };
    }
    // Two entries with one number can hide behind each other at the edge of a batch.
    if (count !== head.seq) return { entries: count, head, firstBad: { seq: head.seq, id: null, reason: 'surplus' } };
    return { entries: count, head, firstBad: null };
  }

  private async findBreak(head: ChainHead): Promise<BrokenLink | null> {
    const walk = new ChainWalk();
    let after: bigint | undefined;
    for (;;) {
      const batch = await this.entries.findAfter(after, BATCH);
      for (const entry of batch) {
        if (entry.seq > head.seq) return walk.finish(head);
        const broken = walk.add(entry);
        if (broken) return broken;
      }
      after = batch.at(-1)?.seq;
      if (after === undefined) return walk.finish(head);
    }
  }
}
