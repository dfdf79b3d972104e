import { eventually } from './eventually.js';
import type { HttpClient } from './http-client.js';
import type { Query } from './invariants.js';
import { createTestApp, type TestApp, type TestAppOptions } from './test-app.js';

export interface LinkedApp {
  readonly app: TestApp;
  readonly admin: HttpClient;
  readonly query: Query;
}

/** Where the session `default` is, as an administrator sees it. */
export const connectionStatus = async (admin: HttpClient): Promise<string> => {
  const answer = await admin.get<{ data: { status: string } }>('/whatsapp/connection-status');
  if (answer.status !== 200) throw new Error(`the status was not told: ${answer.text}`);
  return answer.body.data.status;
};

export const untilStatus = async (admin: HttpClient, status: string, timeoutMs?: number): Promise<void> => {
  await eventually(async () => (await connectionStatus(admin)) === status, timeoutMs);
};

/** Shows a QR, scans it, and waits until the session is READY. */
export const link = async (admin: HttpClient, phone?: string): Promise<void> => {
  const qr = await admin.get('/whatsapp/admin/qr-code');
  if (qr.status !== 200) throw new Error(`no QR was shown: ${qr.text}`);
  const scan = await admin.post('/v1/sandbox/default/scan', phone === undefined ? {} : { phone });
  if (scan.status !== 200) throw new Error(`it could not be scanned: ${scan.text}`);
  await untilStatus(admin, 'READY');
};

/** An application whose session `default` is a linked sandbox, with retries that do not keep a test waiting. */
export const createLinkedApp = async (options: TestAppOptions = {}): Promise<LinkedApp> => {
  const app = await createTestApp({
    ...options,
    env: { OUTBOX_RETRY_BASE_MS: '10', SESSION_RECONNECT_BASE_MS: '20', ...options.env },
  });
  const admin = await app.as('ADMIN');
  await link(admin);
  const query: Query = <Row extends object>(text: string, values: readonly unknown[] = []) =>
    app.query<Row>(text, values);
  return { app, admin, query };
};
