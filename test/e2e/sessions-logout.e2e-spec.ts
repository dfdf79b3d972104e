import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let admin: HttpClient;

beforeAll(async () => {
  app = await createTestApp();
  admin = await app.as('ADMIN');
});

afterAll(() => app.close());

const statusOf = async (id: string): Promise<string> =>
  (await admin.get<{ status: string }>(`/v1/sessions/${id}/status`)).body.status;

const until = async (id: string, status: string): Promise<void> => {
  await eventually(async () => (await statusOf(id)) === status);
};

const act = (id: string, what: string): Promise<{ readonly status: number }> =>
  admin.post(`/v1/sessions/${id}/${what}`);

describe('a session that is logged out', () => {
  it('Q8 needs a new pairing, whatever else was asked of it at the same moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      const id = `leaving-${String(round)}`;
      await admin.post('/v1/sessions', { id, name: id, engine: 'sandbox' });
      await act(id, 'start');
      await until(id, 'QR_READY');
      await admin.post(`/v1/sandbox/${id}/scan`);
      await until(id, 'READY');
      await act(id, 'stop');
      const answers = await Promise.all(['start', 'logout', 'stop'].map((what) => act(id, what)));
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
      await act(id, 'start');
      await eventually(async () => ['QR_READY', 'READY'].includes(await statusOf(id)));
      expect(await statusOf(id)).toBe('QR_READY');
    }
  });
});
