import { Injectable } from '@nestjs/common';

import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { type AuditFilters, AuditRepository } from './audit.repository.js';
import type { ChainHead } from './domain/audit-chain.js';
import type { AuditEntry } from './domain/audit-entry.js';

/** Entries in memory at one time. */
const BATCH = 500;

export interface AuditPageQuery {
  readonly filters: AuditFilters;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface AuditExport {
  /** What the last of the entries must be; kept apart from the file, it shows that nothing was cut off. */
  readonly head: ChainHead;
  readonly batches: AsyncIterable<readonly AuditEntry[]>;
}

const positionIn = (cursor: string, filters: AuditFilters): bigint => {
  const position = decodeCursor(cursor, filters);
  if (position !== null && /^\d{1,18}$/.test(position)) return BigInt(position);
  throw new InvalidRequestError([{ pointer: '?cursor', detail: 'cursor must be one that this list gave out' }]);
};

/** Reads the trail: a page, newest first, or all of it, oldest first. */
@Injectable()
export class AuditReader {
  constructor(private readonly entries: AuditRepository) {}

  async list({ filters, limit, cursor }: AuditPageQuery): Promise<Page<AuditEntry>> {
    const before = cursor === undefined ? undefined : positionIn(cursor, filters);
    const rows = await this.entries.findPage(filters, before, limit + 1);
    return toPage(rows, limit, filters, ({ seq }) => String(seq));
  }

  /** The whole trail as it is now; entries that are appended meanwhile are left out. */
  async export(): Promise<AuditExport> {
    const head = await this.entries.getHead();
    return { head, batches: this.readThrough(head.seq) };
  }

  private async *readThrough(through: bigint): AsyncGenerator<readonly AuditEntry[]> {
    let after: bigint | undefined;
    for (;;) {
      const batch = (await this.entries.findAfter(after, BATCH)).filter(({ seq }) => seq <= through);
      after = batch.at(-1)?.seq;
      if (after === undefined) return;
      yield batch;
    }
  }
}
