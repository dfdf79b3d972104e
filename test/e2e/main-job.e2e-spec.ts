import type { HttpClient } from '../support/http-client.js';
import { eventuallyPasses } from '../support/eventually.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

interface Detail {
  readonly status: string;
  readonly timeline: readonly { readonly status: string }[];
}

describe('the main job on the sandbox (e2e)', () => {
  let app: TestApp;
  let admin: HttpClient;

  beforeAll(async () => {
    app = await createTestApp();
    admin = await app.as('ADMIN');
  });

  afterAll(() => app.close());

  it('links a number by QR, sends, and follows the message until it is read', async () => {
    const qr = await admin.get<{ data: { qr: string; expiryInSeconds: number } }>('/whatsapp/admin/qr-code');
    expect(qr.status).toBe(200);
    expect(qr.body.data.qr).toMatch(/^2@/);
    expect(qr.body.data.expiryInSeconds).toBeGreaterThan(50);

    expect((await admin.post('/v1/sandbox/default/scan', {})).status).toBe(200);
    await eventuallyPasses(async () => {
      const { body } = await admin.get<{ data: { status: string } }>('/whatsapp/connection-status');
      expect(body.data.status).toBe('READY');
    });

    const accepted = await admin.post<{ id: string; status: string }>('/v1/messages', {
      to: '+12025550110',
      text: 'Hello',
    });
    expect(accepted.status).toBe(202);
    await eventuallyPasses(async () => {
      const { body } = await admin.get<Detail>(`/v1/messages/${accepted.body.id}`);
      expect(body.status).toBe('READ');
      expect(body.timeline.map(({ status }) => status)).toEqual(['QUEUED', 'SENDING', 'SENT', 'DELIVERED', 'READ']);
    });
    const outbox = await admin.get<{ data: readonly unknown[] }>('/v1/sandbox/default/outbox');
    expect(outbox.body.data).toHaveLength(1);
  });

  it('answers /whatsapp/send when the message has really been sent', async () => {
    const answer = await admin.post('/whatsapp/send', { phone: '+12025550101', message: 'Now' });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ success: true, message: 'The message was sent.' });
  });

  it('stores an inbound message once and lists it', async () => {
    await admin.post('/v1/sandbox/default/receive', { from: '+12025550150', text: 'Hi there' });
    const { body } = await admin.get<{ data: readonly { text: string; status: string }[] }>(
      '/v1/messages?direction=INBOUND',
    );
    expect(body.data).toMatchObject([{ text: 'Hi there', status: 'RECEIVED' }]);
  });
});
