import { createTestApp, type TestApp } from '../support/test-app.js';
import type { HttpClient } from '../support/http-client.js';

let app: TestApp;
let admin: HttpClient;

beforeAll(async () => {
  app = await createTestApp();
  admin = await app.as('ADMIN');
});

afterAll(() => app.close());

describe('settings of a session', () => {
  it('a quota that is set while messages are accepted holds for the next one', async () => {
    await admin.post('/v1/sessions', { id: 'measured', name: 'measured', engine: 'sandbox' });
    const send = (): Promise<{ readonly status: number }> =>
      admin.post('/v1/messages', { sessionId: 'measured', to: '+12025550110', text: 'Hello' });
    expect((await send()).status).toBe(202);
    await admin.patch('/v1/sessions/measured', { settings: { dailyQuota: 2 } });
    expect([(await send()).status, (await send()).status]).toEqual([202, 429]);
  });
});
