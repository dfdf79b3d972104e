import { setTimeout as sleep } from 'node:timers/promises';

import { OutboxRepository } from '../../src/modules/messages/outbox.repository.js';
import { SessionLeases } from '../../src/modules/sessions/session-leases.js';
import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { connectionStatus, createLinkedApp, untilStatus } from '../support/linked-app.js';
import { ADMIN_EMAIL, ADMIN_PASSWORD, createTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-postgres.js';

const LEASE_MS = 2000;
const brokenOnPurpose = { faults: /msg_race/, because: 'its owners are written by hand, and none of them ends it' };
const env = { SESSION_LEASE_MS: String(LEASE_MS), OUTBOX_ATTEMPT_TIMEOUT_MS: '1000' };

let database: TestDatabase;
let owner: TestApp;
let other: TestApp;
let atOwner: HttpClient;
let atOther: HttpClient;

beforeEach(async () => {
  database = await createTestDatabase();
  ({ app: owner, admin: atOwner } = await createLinkedApp({ database, env, brokenOnPurpose }));
  other = await createTestApp({ database, env, brokenOnPurpose });
  atOther = (await other.signIn(ADMIN_EMAIL, ADMIN_PASSWORD)).client;
});

afterEach(async () => {
  await other.close();
  await owner.close();
  await database.drop();
});

const leaseOwner = async (): Promise<string | undefined> => {
  const [row] = await other.query<{ owner: string }>(
    "SELECT owner FROM session_lease WHERE session_id = 'default' AND expires_at > now()",
  );
  return row?.owner;
};

describe('two processes on one database', () => {
  it.each(['/whatsapp/disconnect', '/whatsapp/reconnect'])(
    'F17 %s is refused by the one that does not hold the session, and the status stays true',
    async (path) => {
      const answer = await atOther.post<{ code: string }>(path, {});
      expect([answer.status, answer.body.code]).toEqual([503, 'session-owned-elsewhere']);
      expect(await connectionStatus(atOther)).toBe('READY');
      expect((await atOwner.post(path, {})).status).toBe(200);
    },
  );

  it('a send that waits at the one that does not hold the session is answered when it has been sent', async () => {
    const askedAt = performance.now();
    const answer = await atOther.post('/whatsapp/send', { phone: '+12025550110', message: 'hello' });
    expect(answer.status).toBe(200);
    expect(performance.now() - askedAt).toBeLessThan(10_000);
  });

  it('F17 an owner that stood still for longer than its lease takes no status back when it ends', async () => {
    const before = await leaseOwner();
    const leases = owner.app.get(SessionLeases);
    // It renews no more, as a process that was stopped by SIGSTOP.
    clearInterval((leases as unknown as { readonly timer: NodeJS.Timeout }).timer);
    await eventually(async () => ![undefined, before].includes(await leaseOwner()), 5 * LEASE_MS);
    await sleep(200);
    await untilStatus(atOther, 'READY');
    await owner.close();
    expect(await connectionStatus(atOther)).toBe('READY');
  });

  it('F17 what a slow owner has begun to try is not given back to the queue by its successor', async () => {
    const outbox = owner.app.get(OutboxRepository);
    await owner.query(`INSERT INTO message (id, session_id, direction, type, status, recipient, text)
      VALUES ('msg_race', 'ghost', 'OUTBOUND', 'text', 'QUEUED', '+12025550110', 'race')`);
    await owner.query(`INSERT INTO session_lease (session_id, owner, fence, expires_at)
      VALUES ('ghost', 'slow', 1, now() + interval '1 minute')`);
    expect(await outbox.claim('ghost', 1n, 10)).toHaveLength(1);
    await owner.query("UPDATE session_lease SET owner = 'next', fence = 2 WHERE session_id = 'ghost'");
    const left = await outbox.findLeftBehind('ghost', 2n, 10);
    expect(await outbox.beginAttempts(1n, [{ id: 'msg_race', providerMessageId: 'p1' }])).toHaveLength(1);
    await outbox.requeue(2n, left);
    expect(await outbox.claim('ghost', 2n, 10)).toEqual([]);
    expect(await outbox.findLeftBehind('ghost', 2n, 10)).toMatchObject([{ messageId: 'msg_race', attempt: 1 }]);
  });
});
