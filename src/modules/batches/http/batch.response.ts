import { ApiProperty } from '@nestjs/swagger';

import type { Page } from '../../../kernel/page.js';
import type { AcceptedBatch, BatchProgress } from '../batches.js';
import { type Batch, refusedOf } from '../domain/batch.js';

export class AcceptedBatchResponse {
  readonly batchId: string;
  readonly sessionId: string;
  /** Messages that are on disk. */
  readonly accepted: number;
  /** Recipients that are the same as an earlier one of the list. */
  readonly duplicates: number;
  /** Recipients that get nothing; the result file says why. */
  readonly refused: number;

  private constructor({ batch }: AcceptedBatch) {
    this.batchId = batch.id;
    this.sessionId = batch.sessionId;
    this.accepted = batch.accepted;
    this.duplicates = batch.duplicates;
    this.refused = refusedOf(batch);
  }

  static from(accepted: AcceptedBatch): AcceptedBatchResponse {
    return new AcceptedBatchResponse(accepted);
  }
}

export class BatchResponse {
  readonly id: string;
  readonly sessionId: string;
  /** That it is done is told by its progress. */
  readonly state: 'RUNNING' | 'PAUSED' | 'CANCELLED';
  /** null: a text. */
  readonly templateId: string | null;
  /** Recipients that were given. */
  readonly given: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
  readonly createdAt: string;
  readonly updatedAt: string;

  protected constructor(batch: Batch) {
    this.id = batch.id;
    this.sessionId = batch.sessionId;
    this.state = batch.state;
    this.templateId = batch.templateId;
    this.given = batch.given;
    this.accepted = batch.accepted;
    this.duplicates = batch.duplicates;
    this.refused = refusedOf(batch);
    this.createdAt = batch.createdAt.toISOString();
    this.updatedAt = batch.updatedAt.toISOString();
  }

  static from(batch: Batch): BatchResponse {
    return new BatchResponse(batch);
  }
}

const WAITING = ['SCHEDULED', 'QUEUED', 'SENDING'] as const;

export class BatchDetailResponse extends BatchResponse {
  /** Its messages by the status that they have now. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  readonly progress: Record<string, number>;
  /** Messages that wait or are under way. */
  readonly waiting: number;
  /** Nothing of it waits or is under way. */
  readonly isDone: boolean;

  private constructor({ batch, counts }: BatchProgress) {
    super(batch);
    this.progress = Object.fromEntries(counts);
    this.waiting = WAITING.reduce((sum, status) => sum + (counts.get(status) ?? 0), 0);
    this.isDone = this.waiting === 0;
  }

  static fromProgress(progress: BatchProgress): BatchDetailResponse {
    return new BatchDetailResponse(progress);
  }
}

export class BatchPageResponse {
  readonly data: BatchResponse[];
  /** Hand it back for the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<Batch>) {
    this.data = data.map((batch) => BatchResponse.from(batch));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<Batch>): BatchPageResponse {
    return new BatchPageResponse(page);
  }
}
