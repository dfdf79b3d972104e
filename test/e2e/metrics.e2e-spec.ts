import { eventuallyPasses } from '../support/eventually.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let test: TestApp;

beforeAll(async () => {
  test = await createTestApp();
});

afterAll(() => test.close());

describe('metrics', () => {
  it('L6 are for those who hold monitoring:read', async () => {
    expect((await test.client.get('/metrics')).status).toBe(401);
    expect((await (await test.as('OPERATOR')).get('/metrics')).status).toBe(403);
    for (const role of ['ADMIN', 'VIEWER'] as const)
      expect((await (await test.as(role)).get('/metrics')).status).toBe(200);
  });

  it('count what happened to messages and sessions', async () => {
    const admin = await test.as('ADMIN');
    await admin.get('/whatsapp/admin/qr-code');
    await admin.post('/v1/sandbox/default/scan', { phone: '+12025550100' });
    await eventuallyPasses(async () => {
      expect((await admin.post('/whatsapp/send', { phone: '+12025550110', message: 'hello' })).status).toBe(200);
    });
    await eventuallyPasses(async () => {
      const { text } = await admin.get('/metrics');
      expect(text).toMatch(/^waypost_message_events_total\{event="sent"\} 1$/m);
      expect(text).toMatch(/^waypost_message_events_total\{event="read"\} 1$/m);
      expect(text).toMatch(/^waypost_session_events_total\{event="ready"\} 1$/m);
    });
  });

  it('count requests by route, method and class of status, whatever callers send', async () => {
    const admin = await test.as('ADMIN');
    await admin.get('/v1/messages/msg_one');
    await admin.get('/v1/messages/msg_two');
    await admin.get('/nothing/+12025550110');
    await admin.get('/v1/messages?to=%2B12025550110');
    const { text, headers } = await admin.get('/metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    const counted = (labels: string): RegExp =>
      new RegExp(`waypost_http_request_duration_seconds_count\\{${labels}\\} (\\d+)`);
    expect(text).toMatch(counted('method="GET",route="/v1/messages/:id",status="4xx"'));
    expect(counted('method="GET",route="/v1/messages/:id",status="4xx"').exec(text)?.[1]).toBe('2');
    expect(text).toMatch(counted('method="GET",route="unmatched",status="4xx"'));
    expect(text).toMatch(/^waypost_process_cpu_user_seconds_total /m);
    expect(text).not.toMatch(/msg_one|12025550110|usr_|@/);
  });
});
