import type { Answer, HttpClient } from './http-client.js';
import { eventually } from './eventually.js';

export interface AcceptedBatch {
  readonly batchId: string;
  readonly accepted: number;
  readonly duplicates: number;
  readonly refused: number;
}

export interface BatchDetail {
  readonly state: string;
  readonly given: number;
  readonly progress: Readonly<Record<string, number>>;
  readonly waiting: number;
  readonly isDone: boolean;
}

/** Sends to many as somebody, and follows what becomes of it. */
export class BulkSender {
  private last = 0;

  constructor(private readonly client: HttpClient) {}

  /** Numbers that nobody else writes to. */
  fresh(count: number): { readonly to: string }[] {
    return Array.from({ length: count }, () => {
      this.last += 1;
      return { to: `+551198${String(1_000_000 + this.last)}` };
    });
  }

  send(body: object, key?: string): Promise<Answer<AcceptedBatch>> {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    return this.client.post<AcceptedBatch>('/v1/messages/bulk', body, headers);
  }

  async detail(id: string): Promise<BatchDetail> {
    return (await this.client.get<BatchDetail>(`/v1/batches/${id}`)).body;
  }

  async untilDone(id: string): Promise<void> {
    await eventually(async () => (await this.detail(id)).isDone, 30_000);
  }
}
