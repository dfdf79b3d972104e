import type { Page } from '../../../kernel/page.js';
import { type AuditEntry, isoTime, type StoredActor } from '../domain/audit-entry.js';

/** A detail that is not JSON was tampered with: it is shown as it stands, and its hash does not match. */
const parseDetail = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

export class AuditActorResponse {
  /** `user`, `api-key` or `system`. */
  readonly kind: string;
  readonly id: string | null;
  readonly name: string | null;

  constructor({ kind, id, name }: StoredActor) {
    this.kind = kind;
    this.id = id;
    this.name = name;
  }
}

export class AuditEntryResponse {
  /** Place in the chain, from 1. */
  readonly seq: number;
  readonly id: string;
  readonly at: string | null;
  readonly actor: AuditActorResponse;
  readonly action: string;
  readonly target: string | null;
  /** `success`, `denied` or `failure`. */
  readonly outcome: string;
  readonly requestId: string | null;
  readonly detail: unknown;
  /** SHA-256 over the place, the previous hash and the entry. */
  readonly hash: string;
  readonly previousHash: string;

  private constructor(entry: AuditEntry) {
    this.seq = Number(entry.seq);
    this.id = entry.id;
    this.at = isoTime(entry.at);
    this.actor = new AuditActorResponse(entry.actor);
    this.action = entry.action;
    this.target = entry.target;
    this.outcome = entry.outcome;
    this.requestId = entry.requestId;
    this.detail = parseDetail(entry.detail);
    this.hash = entry.hash;
    this.previousHash = entry.previousHash;
  }

  static from(entry: AuditEntry): AuditEntryResponse {
    return new AuditEntryResponse(entry);
  }
}

export class AuditPageResponse {
  readonly data: AuditEntryResponse[];
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<AuditEntry>) {
    this.data = data.map((entry) => AuditEntryResponse.from(entry));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<AuditEntry>): AuditPageResponse {
    return new AuditPageResponse(page);
  }
}
