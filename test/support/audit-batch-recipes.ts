import { type Act, as, type AuditRecipe, NUMBER } from './audit-acts.js';
import type { TestApp } from './test-app.js';

/** A batch whose messages wait for tomorrow. */
const aBatch = (): object => ({
  recipients: [{ to: NUMBER }, { to: 'nobody' }],
  text: 'Hello',
  scheduledAt: new Date(Date.now() + 86_400_000).toISOString(),
});

const onBatch =
  (act: string, ...before: readonly string[]) =>
  async (app: TestApp): Promise<Act> => {
    const admin = await app.as('ADMIN');
    const { batchId } = (await admin.post<{ batchId: string }>('/v1/messages/bulk', aBatch())).body;
    for (const one of before) await admin.post(`/v1/batches/${batchId}/${one}`);
    return () => admin.post(`/v1/batches/${batchId}/${act}`);
  };

export const BATCH_RECIPES: Readonly<Record<string, AuditRecipe>> = {
  'POST /v1/messages/bulk': {
    action: 'batches.create',
    success: as('ADMIN', (admin) => admin.post('/v1/messages/bulk', aBatch())),
  },
  'POST /v1/batches/:id/pause': { action: 'batches.pause', success: onBatch('pause') },
  'POST /v1/batches/:id/resume': { action: 'batches.resume', success: onBatch('resume', 'pause') },
  'POST /v1/batches/:id/cancel': { action: 'batches.cancel', success: onBatch('cancel') },
};
