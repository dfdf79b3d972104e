import { SessionNotConnectedError } from '../../src/modules/engines/index.js';
import { SandboxPhones } from '../../src/modules/engines/sandbox/sandbox-phones.js';
import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

const MAX_ATTEMPTS = 2;

let app: TestApp;
let admin: HttpClient;
let query: Query;

beforeAll(async () => {
  ({ app, admin, query } = await createLinkedApp({ env: { OUTBOX_MAX_ATTEMPTS: String(MAX_ATTEMPTS) } }));
});

afterAll(async () => {
  await app.close();
});

const statusOf = async (id: string): Promise<string> =>
  (await admin.get<{ status: string }>(`/v1/messages/${id}`)).body.status;

describe('a session that is READY and can send nothing for a while', () => {
  it('fails no message, however often it was tried meanwhile, and leaves each its own tries', async () => {
    const handle = app.app.get(SandboxPhones).find('default');
    if (handle === undefined) throw new Error('The session is not open.');
    const send = handle.send.bind(handle);
    let tries = 0;
    handle.send = () => {
      tries += 1;
      return Promise.reject(new SessionNotConnectedError('not-connected', 'The road is down.', 20));
    };
    const ids: string[] = [];
    // The second one fails once for its own sake, when the session can send again.
    for (const to of ['+12025550110', '+12025550111']) {
      ids.push((await admin.post<{ id: string }>('/v1/messages', { to, text: 'outage' })).body.id);
    }
    await eventually(() => tries > ids.length * (MAX_ATTEMPTS + 1), 20_000);
    for (const status of await Promise.all(ids.map(statusOf))) expect(['QUEUED', 'SENDING']).toContain(status);
    handle.behaviour.failNext = 1;
    handle.send = send;
    await eventually(async () => (await Promise.all(ids.map(statusOf))).every((status) => status === 'READ'), 20_000);
    expect(await findViolations(query)).toEqual([]);
  });
});
