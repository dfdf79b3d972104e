import { createHash } from 'node:crypto';

/** Who did it. */
export interface Actor {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

export const AUDIT_OUTCOMES = ['success', 'denied', 'failure'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** What a feature says about an act; the rest is filled in from the request. Never a secret, never a message text. */
export interface AuditDraft {
  /** `plural-noun.verb`, such as `users.create`. */
  readonly action: string;
  readonly target?: string;
  readonly outcome?: AuditOutcome;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly actor?: Actor;
  readonly requestId?: string;
}

/** As it stands in the trail, where whoever tampers may have emptied it. */
export interface StoredActor {
  readonly kind: string;
  readonly id: string | null;
  readonly name: string | null;
}

/** An entry before it is linked. */
export interface AuditRecord {
  readonly id: string;
  readonly at: Date;
  readonly actor: StoredActor;
  readonly action: string;
  readonly target: string | null;
  readonly outcome: string;
  readonly requestId: string | null;
  /** Canonical JSON text. */
  readonly detail: string;
}

/** A link of the chain. */
export interface AuditEntry extends AuditRecord {
  readonly seq: bigint;
  readonly previousHash: string;
  readonly hash: string;
}

/** Hash before the first entry. */
export const GENESIS_HASH = '0'.repeat(64);

/** PostgreSQL knows times that JavaScript does not (`infinity`); such a row is a changed one, not a crash. */
export const isoTime = (at: Date): string | null => (Number.isNaN(at.getTime()) ? null : at.toISOString());

/**
 * The text of a record that is hashed and stored: every column, in one order. Written out member by member, as
 * `canonicalJson` would: this runs for every message that is accepted.
 */
export const canonicalRecord = (record: AuditRecord): string =>
  JSON.stringify({
    action: record.action,
    actor: { id: record.actor.id, kind: record.actor.kind, name: record.actor.name },
    at: isoTime(record.at),
    detail: record.detail,
    id: record.id,
    outcome: record.outcome,
    requestId: record.requestId,
    target: record.target,
  });

/** SHA-256 over `seq \n previousHash \n canonicalRecord`, hex: the same sum that `audit_append` makes in PostgreSQL. */
export const linkHash = (seq: bigint, previousHash: string, record: AuditRecord): string =>
  createHash('sha256')
    .update(`${String(seq)}\n${previousHash}\n${canonicalRecord(record)}`)
    .digest('hex');
