import type { Readable } from 'node:stream';

import { Injectable } from '@nestjs/common';

import { type CsvRow, csvStream } from '../../platform/csv/safe-csv.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import type { Principal } from '../access/index.js';
import { AuditTrail } from '../audit/index.js';
import type { Message } from './domain/message.js';
import type { MessageFilters } from './message-history.repository.js';
import { MessageLog } from './message-log.js';

const COLUMNS = {
  id: ({ id }) => id,
  createdAt: ({ createdAt }) => createdAt,
  sessionId: ({ sessionId }) => sessionId,
  direction: ({ direction }) => direction,
  type: ({ type }) => type,
  status: ({ status }) => status,
  from: ({ from }) => from,
  to: ({ to }) => to,
  group: ({ group }) => group,
  text: ({ text }) => text,
  errorCode: ({ error }) => error?.code ?? null,
  errorDetail: ({ error }) => error?.detail ?? null,
  batchId: ({ batchId }) => batchId,
  mediaId: ({ mediaId }) => mediaId,
  scheduledAt: ({ scheduledAt }) => scheduledAt,
  sentAt: ({ sentAt }) => sentAt,
  deliveredAt: ({ deliveredAt }) => deliveredAt,
  readAt: ({ readAt }) => readAt,
  providerMessageId: ({ providerMessageId }) => providerMessageId,
} as const satisfies Record<string, (message: Message) => CsvRow[number]>;

const CELLS = Object.values(COLUMNS);

async function* toRows(batches: AsyncIterable<readonly Message[]>): AsyncGenerator<readonly CsvRow[]> {
  for await (const batch of batches) yield batch.map((message) => CELLS.map((cell) => cell(message)));
}

/** Which filters were given; of those that hold what people wrote or who they are, no more than that. */
const toDetail = ({
  sessionId,
  direction,
  status,
  type,
  batchId,
  since,
  until,
  ...personal
}: MessageFilters): object => ({
  ...{ sessionId, direction, status, type, batchId },
  ...{ since: since?.toISOString(), until: until?.toISOString() },
  alsoBy: Object.keys(personal),
});

/** The log as a file. To read so much at once is an act: it is in the audit trail before the first byte leaves. */
@Injectable()
export class MessageExport {
  constructor(
    private readonly log: MessageLog,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  /** Newest first, read while it is written: a slow reader holds up nothing but itself. */
  async open(principal: Principal, filters: MessageFilters, { bom }: { readonly bom: boolean }): Promise<Readable> {
    const detail = JSON.parse(JSON.stringify(toDetail(filters))) as Record<string, unknown>;
    await this.transactions.run((tx) => this.audit.record(tx, { action: 'messages.export', detail }));
    return csvStream(toRows(this.log.readAll(principal, filters)), { header: Object.keys(COLUMNS), bom });
  }
}
