import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';

import { SessionDirectory } from '../../src/modules/sessions/index.js';
import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const NUMBER = '+12025550110';
const GROUP = '120363000000000001@g.us';

interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

interface SessionBody {
  readonly id: string;
  readonly settings: { readonly pacing: Record<string, unknown>; readonly retention: Record<string, unknown> };
}

interface List {
  readonly data: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

let app: TestApp;
let admin: HttpClient;

beforeAll(async () => {
  // A Chromium that is there is enough: no web session is opened here.
  const chromium = { PUPPETEER_EXECUTABLE_PATH: process.execPath, CHROMIUM_SANDBOX: 'false' };
  app = await createTestApp({ env: { ...chromium, SESSION_RECONNECT_BASE_MS: '20' } });
  admin = await app.as('ADMIN');
});

afterAll(() => app.close());

const create = async (id: string, more: object = {}): Promise<void> => {
  const { status, text } = await admin.post('/v1/sessions', { id, name: id, engine: 'sandbox', ...more });
  if (status !== 201) throw new Error(text);
};

const statusOf = async (id: string): Promise<string> =>
  (await admin.get<{ status: string }>(`/v1/sessions/${id}/status`)).body.status;

const until = async (id: string, status: string): Promise<void> => {
  await eventually(async () => (await statusOf(id)) === status);
};

const open = async (id: string): Promise<void> => {
  await create(id);
  await admin.post(`/v1/sessions/${id}/start`);
  await until(id, 'QR_READY');
  await admin.post(`/v1/sandbox/${id}/scan`);
  await until(id, 'READY');
};

describe('sessions that are made and set', () => {
  it('a session is made closed, with the defaults of its engine, and told', async () => {
    const { status, body } = await admin.post('/v1/sessions', { id: 'made', name: 'Made', engine: 'sandbox' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ id: 'made', name: 'Made', engine: 'sandbox', status: 'DISCONNECTED', phone: null, proxy: null },
      settings: { pacing: { minDelayMs: 0, perMinute: null }, autoReplies: { mode: 'off' } },
    });
    expect(await app.query(`SELECT name FROM event WHERE session_id = 'made'`)).toEqual([
      { name: 'whatsapp.session_created' },
    ]);
    expect((await admin.get('/v1/sessions/made')).body).toEqual(body);
  });

  it('a second one under the same id is refused, and the same request again is no second one', async () => {
    const wish = { id: 'once', name: 'Once', engine: 'sandbox' };
    const key = { 'idempotency-key': 'make-once' };
    const first = await admin.post('/v1/sessions', wish, key);
    const again = await admin.post('/v1/sessions', wish, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await admin.post('/v1/sessions', wish)).toMatchObject({ status: 409, body: { code: 'session-exists' } });
  });

  it.each([
    ['an engine of no name', { engine: 'telegram' }, 400, 'invalid-request'],
    ['a name of nothing', { name: '' }, 400, 'invalid-request'],
    ['a name of 101 characters', { name: 'x'.repeat(101) }, 400, 'invalid-request'],
    ['a proxy that its engine would pass by', { proxy: 'http://u:p@proxy.example:1' }, 422, 'unsupported-by-engine'],
    ['a proxy that is none', { engine: 'web', proxy: 'file:///etc/passwd' }, 400, 'invalid-request'],
    ['pauses that cannot be', { settings: { pacing: { minDelayMs: 5, maxDelayMs: 4 } } }, 400, 'invalid-request'],
    ['rules without a rule', { settings: { autoReplies: { mode: 'rules' } } }, 400, 'invalid-request'],
    ['days before today', { settings: { retention: { messageDays: 0 } } }, 400, 'invalid-request'],
    ['settings that nobody knows', { settings: { pace: {} } }, 400, 'invalid-request'],
  ])('%s is refused, and nothing is made', async (_what, more, status, code) => {
    const wish = { id: 'refused', name: 'Refused', engine: 'sandbox', ...more };
    expect(await admin.post<Problem>('/v1/sessions', wish)).toMatchObject({ status, body: { code } });
    expect((await admin.get('/v1/sessions/refused')).status).toBe(404);
  });

  it.each([
    ...['', '..', '../x', '..\\x', 'a/b', '/etc/passwd', 'C:\\x', 'CON ', 'UPPER', 'ümlaut', 'a b', 'a\nb', 'x\0'],
    ...['%2e%2e', '..%2f..', 'a.b', '-'.repeat(65), 'x'.repeat(255), 'x'.repeat(256), 'https://x', "' OR 1=1 --"],
  ])('I10 %j is no id of a session: refused in the body and in the path, and no file is touched', async (id) => {
    const before = await readdir(app.dataDir, { recursive: true });
    const made = await admin.post<Problem>('/v1/sessions', { id, name: 'x', engine: 'sandbox' });
    expect(made.status).toBe(400);
    for (const verb of ['', '/status', '/qr', '/qr/image', '/contacts']) {
      const { status } = await admin.get(`/v1/sessions/${encodeURIComponent(id)}${verb}`);
      expect([400, 404]).toContain(status);
    }
    const removed = await admin.delete(`/v1/sessions/${encodeURIComponent(id)}`);
    expect([400, 404]).toContain(removed.status);
    expect(await readdir(app.dataDir, { recursive: true })).toEqual(before);
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  it('I10 the longest id and one of hyphens are ids like any other', async () => {
    for (const id of ['x'.repeat(64), '-', '--']) {
      await create(id);
      expect((await admin.get(`/v1/sessions/${id}`)).body).toMatchObject({ id });
      expect((await admin.delete(`/v1/sessions/${id}`)).status).toBe(204);
    }
  }, 60_000);

  it('settings that are given replace theirs one by one, null switches off, and together they must make sense', async () => {
    await create('set', { settings: { pacing: { minDelayMs: 1000, maxDelayMs: 3000, perMinute: 10 } } });
    const path = '/v1/sessions/set';
    const changed = await admin.patch<SessionBody>(path, {
      settings: { pacing: { maxDelayMs: 2000, perMinute: null }, retention: { messageDays: 90 } },
    });
    expect(changed.status).toBe(200);
    expect(changed.body.settings.pacing).toEqual({ minDelayMs: 1000, maxDelayMs: 2000, perMinute: null, perDay: null });
    expect(changed.body.settings.retention).toMatchObject({ messageDays: 90 });
    const crossed = await admin.patch<Problem>(path, { settings: { pacing: { maxDelayMs: 999 } } });
    expect(crossed.status).toBe(400);
    expect(crossed.body.errors?.map(({ pointer }) => pointer)).toEqual(['#/settings/pacing/minDelayMs']);
    const named = await admin.patch<SessionBody>(path, { name: 'Another' });
    expect(named.body).toMatchObject({ name: 'Another', settings: changed.body.settings });
    for (const never of [{ id: 'x' }, { engine: 'web' }, { status: 'READY' }, { phone: NUMBER }]) {
      expect((await admin.patch(path, never)).status).toBe(400);
    }
  });

  it('a proxy is kept sealed and shown without its credentials', async () => {
    const proxy = 'http://proxy-user:proxy-canary-word@proxy.example:3128';
    const made = await admin.post('/v1/sessions', { id: 'behind', name: 'Behind', engine: 'web', proxy });
    expect(made).toMatchObject({ status: 201, body: { proxy: 'proxy.example:3128' } });
    const [row] = await app.query<{ proxy: string }>(`SELECT proxy FROM session WHERE id = 'behind'`);
    expect(row?.proxy).toMatch(/^v1\.[0-9a-f]{8}\./);
    const moved = await admin.patch('/v1/sessions/behind', { proxy: 'socks5://10.0.0.7' });
    expect(moved.body).toMatchObject({ proxy: '10.0.0.7:1080' });
    expect((await admin.patch('/v1/sessions/behind', { name: 'Still' })).body).toMatchObject({
      proxy: '10.0.0.7:1080',
    });
    expect((await admin.patch('/v1/sessions/behind', { proxy: null })).body).toMatchObject({ proxy: null });
    const tables = await app.query<{ found: boolean }>(
      `SELECT query_to_xml('SELECT * FROM "' || table_name || '"', true, true, '')::text ~ 'proxy-canary' AS found
       FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    expect(tables.filter(({ found }) => found)).toEqual([]);
  });

  it('without the proxy that it was given a session is not opened', async () => {
    await create('sealed');
    await app.query(`UPDATE session SET proxy = 'v1.00000000.AAAA' WHERE id = 'sealed'`);
    expect((await admin.get('/v1/sessions/sealed')).body).toMatchObject({ proxy: 'unreadable' });
    await admin.post('/v1/sessions/sealed/start');
    await eventually(async () => (await admin.get('/v1/sessions/sealed')).text.includes('ENCRYPTION_KEY'));
    expect(await statusOf('sealed')).toBe('DISCONNECTED');
  });

  it('the list goes page by page, in the order of the ids', async () => {
    for (const n of [1, 2, 3, 4, 5]) await create(`page-${String(n)}`);
    const seen: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await admin.get<List>(`/v1/sessions?limit=2${cursor}`);
      seen.push(...body.data.map(({ id }) => id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toEqual(expect.arrayContaining(['default', 'page-1', 'page-5']));
    expect((await admin.get('/v1/sessions?cursor=bm9uc2Vuc2U')).status).toBe(400);
    expect((await admin.get('/v1/sessions?limit=201')).status).toBe(400);
  });
});

describe('the life of a session', () => {
  it('starts, is linked, stops, comes back without a QR, and is logged out', async () => {
    await create('life');
    const path = '/v1/sessions/life';
    const started = await admin.post<{ status: string }>(`${path}/start`);
    expect(started.status).toBe(202);
    expect(['CONNECTING', 'QR_READY']).toContain(started.body.status);
    await until('life', 'QR_READY');
    const waiting = (await admin.get<{ qrCodeExpiry: string }>(`${path}/status`)).body;
    expect(Date.parse(waiting.qrCodeExpiry)).toBeGreaterThan(Date.now());
    await admin.post('/v1/sandbox/life/scan');
    await until('life', 'READY');
    expect((await admin.get(`${path}/status`)).body).toEqual({
      ...{ status: 'READY', ready: true, phone: '+12025550100', name: 'Sandbox', reconnectAttempts: 0 },
      ...{ qrCodeExpiry: null, reason: null, lastUpdated: expect.any(String) as string },
      message: 'WhatsApp is connected and ready.',
    });
    expect((await admin.post(`${path}/stop`)).body).toEqual({ status: 'DISCONNECTED' });
    expect((await admin.post(`${path}/start`)).status).toBe(202);
    await until('life', 'READY');
    expect((await admin.post(`${path}/reconnect`)).status).toBe(202);
    await until('life', 'READY');
    expect(await app.query(`SELECT 1 FROM event WHERE session_id = 'life' AND name = 'whatsapp.qr'`)).toHaveLength(1);
    expect((await admin.post(`${path}/logout`)).status).toBe(202);
    await until('life', 'DISCONNECTED');
    expect((await admin.get(path)).body).toMatchObject({ phone: null, isWanted: false });
    expect(await app.query(`SELECT 1 FROM sandbox_link WHERE session_id = 'life'`)).toEqual([]);
  });

  it('one that cannot deliver is not READY, begins again, and knows since when', async () => {
    await open('stuck');
    const directory = app.app.get(SessionDirectory);
    expect(await directory.lostSince('stuck')).toBeNull();
    const before = Date.now();
    directory.reportUndeliverable('stuck', 'Nothing that it sends is acknowledged.');
    // Said once more while it is under way already: that changes nothing.
    await eventually(async () => (await statusOf('stuck')) !== 'READY');
    directory.reportUndeliverable('stuck', 'Nothing that it sends is acknowledged.');
    await until('stuck', 'READY');
    const told = await app.query<{ name: string; payload: { reason: string } }>(
      `SELECT name, payload FROM event WHERE session_id = 'stuck' AND name <> 'whatsapp.gap_recovered' ORDER BY seq`,
    );
    expect(told.map(({ name }) => name.replace('whatsapp.', ''))).toEqual([
      ...['session_created', 'qr', 'authenticated', 'ready', 'disconnected', 'reconnecting', 'authenticated', 'ready'],
    ]);
    expect(told[4]?.payload).toEqual({ reason: 'Nothing that it sends is acknowledged.', cause: 'connection' });
    const since = await directory.lostSince('stuck');
    expect(since?.getTime()).toBeGreaterThanOrEqual(before - 1);
    expect(since?.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('what WhatsApp knows is asked for by page, and only of a session that is ready', async () => {
    await open('asking');
    const path = '/v1/sessions/asking';
    expect((await admin.get(`${path}/numbers/${NUMBER}`)).body).toEqual({
      ...{ phone: NUMBER, registered: true, whatsappId: '12025550110@sandbox' },
    });
    expect((await admin.get(`${path}/numbers/+12025550120`)).body).toMatchObject({
      ...{ registered: false, whatsappId: null },
    });
    expect((await admin.get(`${path}/profile`)).body).toMatchObject({ phone: '+12025550100' });
    expect((await admin.get(`${path}/contacts/${NUMBER}`)).body).toMatchObject({ phone: NUMBER });
    const first = (await admin.get<List>(`${path}/contacts?limit=1`)).body;
    expect(first.data).toMatchObject([{ phone: '+12025550101' }]);
    const second = (await admin.get<List>(`${path}/contacts?limit=1&cursor=${String(first.nextCursor)}`)).body;
    expect(second).toMatchObject({ data: [{ phone: NUMBER }], nextCursor: null });
    expect((await admin.get(`${path}/groups?cursor=${String(first.nextCursor)}`)).status).toBe(400);
    expect((await admin.get<List>(`${path}/groups`)).body.data).toContainEqual(expect.objectContaining({ id: GROUP }));
    for (const chat of [NUMBER, GROUP]) {
      expect((await admin.post(`${path}/chats/${chat}/read`)).status).toBe(204);
      expect((await admin.post(`${path}/chats/${chat}/typing`, { state: 'composing' })).status).toBe(204);
    }
    expect((await admin.post(`${path}/chats/${NUMBER}/typing`, { state: 'sleeping' })).status).toBe(400);
    for (const bad of ['numbers/12', 'contacts/letters', 'numbers/+0']) {
      expect((await admin.get(`${path}/${bad}`)).status).toBe(400);
    }
    expect((await admin.post(`${path}/chats/status@broadcast/read`)).status).toBe(400);

    await admin.post(`${path}/stop`);
    for (const what of [`numbers/${NUMBER}`, 'profile', 'contacts', 'groups', `contacts/${NUMBER}`]) {
      const refused = await admin.get(`${path}/${what}`);
      expect(refused).toMatchObject({ status: 503, body: { code: 'session-not-ready' } });
    }
    for (const what of ['read', 'typing']) {
      const body = what === 'typing' ? { state: 'paused' } : {};
      const refused = await admin.post(`${path}/chats/${NUMBER}/${what}`, body);
      expect(refused).toMatchObject({ status: 503, body: { code: 'session-not-ready' } });
    }
  });
});

describe('a server without Chromium', () => {
  it('refuses sessions of its engine, with the reason, and makes nothing', async () => {
    const bare = await createTestApp({ env: { PUPPETEER_EXECUTABLE_PATH: '/nowhere/chromium' } });
    try {
      const person = await bare.as('ADMIN');
      const refused = await person.post<Problem>('/v1/sessions', { id: 'refused', name: 'Refused', engine: 'web' });
      expect(refused).toMatchObject({ status: 503, body: { code: 'engine-unavailable' } });
      expect((await person.get('/v1/sessions/refused')).status).toBe(404);
    } finally {
      await bare.close();
    }
  });
});
