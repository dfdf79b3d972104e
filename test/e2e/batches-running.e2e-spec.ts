import { BulkSender } from '../support/bulk-sender.js';
import { eventually } from '../support/eventually.js';
import type { Answer, HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createLinkedApp, untilStatus } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

let app: TestApp;
let admin: HttpClient;
let query: Query;
let bulk: BulkSender;

beforeAll(async () => {
  ({ app, admin, query } = await createLinkedApp());
  bulk = new BulkSender(admin);
});

afterAll(async () => {
  await eventually(async () => (await findViolations(query)).length === 0, 20_000);
  await app.close();
});

const behave = (behaviour: object): Promise<Answer> => admin.post('/v1/sandbox/default/behaviour', behaviour);

describe('a batch that runs', () => {
  afterEach(async () => {
    await behave({ sendDelayMs: 0 });
  });

  it('waits while it is paused, and nobody behind it does', async () => {
    await behave({ sendDelayMs: 300 });
    const recipients = bulk.fresh(400);
    const { body } = await bulk.send({ recipients, text: 'paused' });
    expect(await admin.post(`/v1/batches/${body.batchId}/pause`)).toMatchObject({
      ...{ status: 200, body: { state: 'PAUSED' } },
    });
    await eventually(async () => (await bulk.detail(body.batchId)).progress['SENDING'] === undefined, 10_000);
    const { progress } = await bulk.detail(body.batchId);
    expect(progress['QUEUED']).toBeGreaterThan(0);
    const behind = await admin.post<{ id: string }>('/v1/messages?wait=sent', { ...recipients.at(-1), text: 'behind' });
    expect(behind.status).toBe(200);
    expect((await bulk.detail(body.batchId)).progress['QUEUED']).toBe(progress['QUEUED']);
    expect(await admin.post(`/v1/batches/${body.batchId}/pause`)).toMatchObject({
      ...{ status: 409, body: { code: 'batch-state', state: 'PAUSED' } },
    });

    await behave({ sendDelayMs: 0 });
    expect((await admin.post(`/v1/batches/${body.batchId}/resume`)).status).toBe(200);
    await bulk.untilDone(body.batchId);
    expect(await query('SELECT 1 FROM message WHERE batch_id = $1 AND sent_at IS NULL', [body.batchId])).toEqual([]);
    expect(await admin.post(`/v1/batches/${body.batchId}/pause`)).toMatchObject({ status: 409 });
  }, 60_000);

  it('is cancelled as far as it waits: what has left stays true', async () => {
    await behave({ sendDelayMs: 200 });
    const { body } = await bulk.send({ recipients: bulk.fresh(300), text: 'cancelled' });
    await eventually(async () => ((await bulk.detail(body.batchId)).progress['SENDING'] ?? 0) > 0);
    expect((await admin.post(`/v1/batches/${body.batchId}/cancel`)).status).toBe(200);
    await bulk.untilDone(body.batchId);
    const detail = await bulk.detail(body.batchId);
    expect(detail.state).toBe('CANCELLED');
    expect(detail.progress['CANCELLED']).toBeGreaterThan(0);
    const rows = await query<{ steps: string[]; sent: boolean; by: string | null }>(
      `SELECT array_agg(step.status ORDER BY step.id) AS steps, bool_or(message.sent_at IS NOT NULL) AS sent,
         max(step.by) FILTER (WHERE step.status = 'CANCELLED') AS by
       FROM message JOIN message_timeline AS step ON step.message_id = message.id
       WHERE batch_id = $1 GROUP BY message.id HAVING max(message.status) = 'CANCELLED'`,
      [body.batchId],
    );
    const { id } = await app.person('ADMIN');
    for (const row of rows) expect(row).toEqual({ steps: ['QUEUED', 'CANCELLED'], sent: false, by: id });
    const told = await query("SELECT 1 FROM event WHERE name = 'whatsapp.message_cancelled'");
    expect(told.length).toBeGreaterThanOrEqual(rows.length);
    for (const act of ['pause', 'resume', 'cancel']) {
      expect((await admin.post(`/v1/batches/${body.batchId}/${act}`)).status).toBe(409);
    }
  }, 60_000);

  it('what comes back to be tried again after it was cancelled is cancelled too, and by hand it is sent', async () => {
    await behave({ sendDelayMs: 1000 });
    const { body } = await bulk.send({ recipients: bulk.fresh(1), text: 'comes back' });
    await eventually(async () => (await bulk.detail(body.batchId)).progress['SENDING'] === 1);
    expect((await admin.post(`/v1/batches/${body.batchId}/cancel`)).status).toBe(200);
    expect((await bulk.detail(body.batchId)).progress).toEqual({ SENDING: 1 });
    await admin.post('/v1/sandbox/default/disconnect', { reason: 'connection' });
    await bulk.untilDone(body.batchId);
    const rows = await query<{ id: string; status: string }>(
      `SELECT message.id, step.status FROM message JOIN message_timeline AS step ON step.message_id = message.id
       WHERE batch_id = $1 ORDER BY step.id`,
      [body.batchId],
    );
    expect(rows.map(({ status }) => status)).toEqual(['QUEUED', 'SENDING', 'QUEUED', 'CANCELLED']);

    await untilStatus(admin, 'READY');
    const id = rows[0]?.id ?? '';
    expect((await admin.post(`/v1/messages/${id}/retry`)).status).toBeLessThan(300);
    await eventually(
      async () => (await query('SELECT 1 FROM message WHERE id = $1 AND sent_at IS NOT NULL', [id])).length === 1,
      15_000,
    );
  }, 60_000);

  it('goes on with a cancellation that a crash has interrupted', async () => {
    const scheduledAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body } = await bulk.send({ recipients: bulk.fresh(30), text: 'interrupted', scheduledAt });
    // As a process leaves it that dies behind the commit of the decision.
    await query("UPDATE batch SET state = 'CANCELLED' WHERE id = $1", [body.batchId]);
    await query('UPDATE message SET is_held = true WHERE batch_id = $1', [body.batchId]);
    await bulk.untilDone(body.batchId);
    expect((await bulk.detail(body.batchId)).progress).toEqual({ CANCELLED: 30 });
  }, 30_000);
});
