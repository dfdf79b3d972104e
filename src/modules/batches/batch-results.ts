import type { Readable } from 'node:stream';

import { Injectable } from '@nestjs/common';

import { type CsvRow, csvStream } from '../../platform/csv/safe-csv.js';
import type { Principal } from '../access/index.js';
import { BatchMessages, type BatchResult } from '../messages/index.js';
import { BatchRepository } from './batch.repository.js';
import { Batches } from './batches.js';
import { DUPLICATE, type Refusal } from './domain/batch.js';

const PAGE = 1000;

const HEADER = [
  ...['recipient', 'status', 'messageId', 'errorCode', 'errorDetail'],
  ...['acceptedAt', 'sentAt', 'deliveredAt', 'readAt'],
] as const;

const toRow = (result: BatchResult): CsvRow => {
  const { recipient, status, id, errorCode, errorDetail, createdAt, sentAt, deliveredAt, readAt } = result;
  return [recipient, status, id, errorCode, errorDetail, createdAt, sentAt, deliveredAt, readAt];
};

const toRefusedRow = ({ recipient, code, detail }: Refusal): CsvRow => {
  const status = code === DUPLICATE ? 'DUPLICATE' : 'REFUSED';
  return [recipient, status, null, code, detail, null, null, null, null];
};

/** One file that says of every recipient of a batch what became of it. */
@Injectable()
export class BatchResults {
  constructor(
    private readonly batches: Batches,
    private readonly repository: BatchRepository,
    private readonly messages: BatchMessages,
  ) {}

  /** Written while it is read: those who were accepted first, in their order, then the others. */
  async open(principal: Principal, id: string): Promise<Readable> {
    await this.batches.get(principal, id);
    return csvStream(this.rows(id), { header: HEADER, bom: true });
  }

  private async *rows(id: string): AsyncGenerator<readonly CsvRow[]> {
    for await (const results of this.messages.results(id)) yield results.map(toRow);
    for (let after = 0; ;) {
      const refusals = await this.repository.findRefusals(id, { after, limit: PAGE });
      yield refusals.map(toRefusedRow);
      const last = refusals.at(-1);
      if (last === undefined || refusals.length < PAGE) return;
      after = last.place;
    }
  }
}
