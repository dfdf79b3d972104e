import type { Verification } from '../audit-verifier.js';
import type { BreakReason, BrokenLink } from '../domain/audit-chain.js';

export class BrokenLinkResponse {
  /** Place in the chain. */
  readonly seq: number;
  /** Null when the entry is missing. */
  readonly id: string | null;
  /** `missing`, `unlinked`, `changed`, `surplus` or `other-head`. */
  readonly reason: BreakReason;

  constructor({ seq, id, reason }: BrokenLink) {
    this.seq = Number(seq);
    this.id = id;
    this.reason = reason;
  }
}

export class VerificationResponse {
  readonly valid: boolean;
  readonly entries: number;
  /** Hash of the last entry: kept elsewhere, it shows later that nothing was cut off. */
  readonly head: string;
  readonly firstBad?: BrokenLinkResponse;

  private constructor({ entries, head, firstBad }: Verification) {
    this.valid = firstBad === null;
    this.entries = Number(entries);
    this.head = head.hash;
    if (firstBad) this.firstBad = new BrokenLinkResponse(firstBad);
  }

  static from(verification: Verification): VerificationResponse {
    return new VerificationResponse(verification);
  }
}
