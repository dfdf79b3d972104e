import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createLinkedApp, untilStatus } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

interface Accepted {
  readonly id: string;
  readonly delayMs: number;
  readonly estimatedSendAt: string;
}

describe('pace and quotas (e2e)', () => {
  let app: TestApp;
  let admin: HttpClient;
  let query: Query;

  beforeAll(async () => {
    ({ app, admin, query } = await createLinkedApp());
  });

  afterAll(async () => {
    await eventually(async () => (await findViolations(query)).length === 0, 10_000).finally(() => app.close());
  });

  const pace = async (pacing: object): Promise<void> => {
    const answer = await admin.patch('/v1/sessions/default', { settings: { pacing } });
    if (answer.status !== 200) throw new Error(answer.text);
    // Other requests may have the settings of two seconds ago.
    await new Promise((resolve) => setTimeout(resolve, 2100));
  };
  const send = async (): Promise<Accepted> =>
    (await admin.post<Accepted>('/v1/messages', { to: '+12025550110', text: 'paced' })).body;
  const untilSent = (count: number): Promise<unknown> =>
    eventually(
      async () => (await query("SELECT 1 FROM message WHERE sent_at IS NOT NULL AND text = 'paced'")).length === count,
      15_000,
    );

  const inLastMinute = (): Promise<readonly unknown[]> =>
    query("SELECT 1 FROM message_attempt WHERE started_at > now() - interval '1 minute'");

  it('S1.2 pauses before each message for as long as the answer says', async () => {
    await pace({ minDelayMs: 300, maxDelayMs: 700 });
    const startedAt = Date.now();
    const accepted = [await send(), await send(), await send()];
    for (const { delayMs } of accepted) {
      expect(delayMs).toBeGreaterThanOrEqual(300);
      expect(delayMs).toBeLessThanOrEqual(700);
    }
    const total = accepted.reduce((sum, { delayMs }) => sum + delayMs, 0);
    const last = Date.parse(accepted[2]?.estimatedSendAt ?? '');
    expect(last - startedAt).toBeGreaterThanOrEqual(total - 50);
    await untilSent(3);
    const rows = await query<{ at: Date; delay: number }>(
      "SELECT started_at AS at, delay_ms AS delay FROM message JOIN message_attempt ON message_id = id WHERE text = 'paced' ORDER BY seq",
    );
    for (const [index, { at, delay }] of rows.entries()) {
      const before = rows[index - 1]?.at.getTime() ?? startedAt;
      expect(at.getTime() - before).toBeGreaterThanOrEqual(delay - 100);
    }
  });

  it('waits at a ceiling, tells it once, and goes on when it is lifted', async () => {
    await pace({ minDelayMs: 0, maxDelayMs: 0, perDay: 5 });
    for (let i = 0; i < 4; i += 1) await send();
    await untilSent(5);
    await eventually(
      async () => (await query("SELECT 1 FROM event WHERE name = 'whatsapp.limit_reached'")).length === 1,
    );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await untilSent(5);
    expect(await query("SELECT 1 FROM event WHERE name = 'whatsapp.limit_reached'")).toHaveLength(1);
    await pace({ perDay: null });
    await untilSent(7);
  });

  it('the one beyond the ceiling of a minute waits, and is told of once; a restart grants nothing anew', async () => {
    await pace({ minDelayMs: 0, maxDelayMs: 0, perMinute: 20, perDay: null });
    const sentBefore = (await query("SELECT 1 FROM message WHERE sent_at > now() - interval '1 minute'")).length;
    for (let i = 0; i < 24 - sentBefore; i += 1) await send();
    await eventually(async () => (await inLastMinute()).length === 20, 10_000);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await inLastMinute()).toHaveLength(20);
    const told = (): Promise<readonly unknown[]> =>
      query("SELECT 1 FROM event WHERE name = 'whatsapp.limit_reached' AND payload->>'policy' = 'per-minute'");
    expect(await told()).toHaveLength(1);
    // Opened anew: what was sent before is counted again from the tries.
    await admin.post('/v1/sessions/default/stop');
    await untilStatus(admin, 'DISCONNECTED');
    await admin.post('/v1/sessions/default/start');
    await untilStatus(admin, 'READY');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await inLastMinute()).toHaveLength(20);
    expect(await told()).toHaveLength(1);
    const { estimatedSendAt } = await send();
    // Four wait before it, and the first of the twenty left less than a minute ago.
    expect(Date.parse(estimatedSendAt) - Date.now()).toBeGreaterThan(20_000);
    await pace({ perMinute: null });
    await eventually(async () => (await query("SELECT 1 FROM message WHERE status = 'QUEUED'")).length === 0, 15_000);
  }, 60_000);

  it('refuses settings that do not fit together', async () => {
    const wrong = await admin.patch('/v1/sessions/default', {
      settings: { pacing: { minDelayMs: 10, maxDelayMs: 5 } },
    });
    expect([wrong.status, wrong.text.includes('#/settings/pacing/minDelayMs')]).toEqual([400, true]);
  });

  it('a key sends as many messages a day as it may, and is told what is left', async () => {
    const made = await admin.post<{ key: string }>('/v1/api-keys', {
      name: 'quota',
      scopes: ['messages:send'],
      dailyQuota: 2,
    });
    const program = app.client.with({ 'x-api-key': made.body.key });
    const sent = [];
    for (let i = 0; i < 3; i += 1) sent.push(await program.post('/v1/messages', { to: '+12025550110', text: 'key' }));
    expect(sent.map(({ status }) => status)).toEqual([202, 202, 429]);
    expect(sent[0]?.headers.get('ratelimit')).toMatch(/"key-day";r=1;t=\d+$/);
    expect(sent[2]?.body).toMatchObject({ code: 'quota-exceeded', quota: 2 });
    expect(Number(sent[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
