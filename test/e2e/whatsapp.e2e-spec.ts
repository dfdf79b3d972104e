import { Redis } from 'ioredis';

import { WhatsAppService } from '../../src/modules/whatsapp/index.js';
import { eventually } from '../support/eventually.js';
import type { Answer, HttpClient } from '../support/http-client.js';
import { findViolations } from '../support/invariants.js';
import { link, untilStatus } from '../support/linked-app.js';
import { hasRedisServer, RedisServer } from '../support/redis-server.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const TO = '+12025550110';
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
const TEXT = expect.stringMatching(/\S/) as string;

interface Envelope {
  readonly success: true;
  readonly data: Record<string, unknown>;
}

let app: TestApp;
let admin: HttpClient;
let service: WhatsAppService;

const open = async (env: Partial<NodeJS.ProcessEnv> = {}): Promise<void> => {
  app = await createTestApp({ env: { SESSION_RECONNECT_BASE_MS: '20', ...env } });
  admin = await app.as('ADMIN');
  service = app.app.get(WhatsAppService);
};

const get = (path: string): Promise<Answer<Envelope>> => admin.get<Envelope>(`/whatsapp/${path}`);
const dataOf = async (path: string): Promise<Record<string, unknown>> => (await get(path)).body.data;

describe('the eight endpoints of the contract (S3)', () => {
  beforeEach(() => open());

  afterEach(() => app.close());

  it('before anything is linked: DISCONNECTED, no code, nobody authenticated', async () => {
    expect(await get('status')).toMatchObject({
      status: 200,
      body: {
        success: true,
        data: { ready: false, initializing: false, hasQRCode: false, reconnectAttempts: 0, message: TEXT },
      },
    });
    expect((await get('connection-status')).body).toEqual({
      success: true,
      data: {
        ...{ status: 'DISCONNECTED', ready: false, initializing: false, hasQRCode: false, qrCodeExpiry: null },
        ...{ reconnectAttempts: 0, lastUpdated: ISO, message: TEXT },
      },
    });
    expect((await get('is-authenticated')).body).toEqual({
      success: true,
      data: { authenticated: false, message: TEXT },
    });
    expect((await get('qr')).body).toEqual({
      ...{ success: true, data: { qr: null, generatedAt: null, expiresAt: null, message: TEXT } },
    });
  });

  it('shows a new code with its end, and the same one to whoever asks for the newest', async () => {
    const made = (await get('admin/qr-code')).body;
    expect(made).toEqual({
      success: true,
      data: {
        ...{ qr: expect.stringMatching(/^2@/) as string, generatedAt: ISO, expiresAt: ISO, message: TEXT },
        expiryInSeconds: expect.any(Number) as number,
      },
    });
    const { qr, generatedAt, expiresAt, expiryInSeconds } = made.data;
    expect(expiryInSeconds).toBeLessThanOrEqual(60);
    expect(Date.parse(String(expiresAt)) - Date.parse(String(generatedAt))).toBe(60_000);
    expect(await dataOf('qr')).toEqual({ qr, generatedAt, expiresAt, message: TEXT });
    expect(await dataOf('connection-status')).toMatchObject({
      ...{ status: 'QR_READY', ready: false, initializing: false, hasQRCode: true, qrCodeExpiry: expiresAt },
    });
    expect((await dataOf('admin/qr-code'))['qr']).not.toBe(qr);
  });

  it('when it is linked: READY, no code, and a new one is refused', async () => {
    await link(admin);
    expect((await get('status')).body).toEqual({
      success: true,
      data: { ready: true, initializing: false, hasQRCode: false, reconnectAttempts: 0, message: TEXT },
    });
    expect(await dataOf('is-authenticated')).toEqual({ authenticated: true, message: TEXT });
    expect(await dataOf('qr')).toMatchObject({ qr: null, expiresAt: null });
    expect(await get('admin/qr-code')).toMatchObject({
      ...{ status: 409, body: { code: 'session-already-authenticated' } },
    });
  });

  it('sends, disconnects and reconnects, each with success and a sentence', async () => {
    await link(admin);
    const done = { success: true, message: TEXT };
    expect((await admin.post('/whatsapp/send', { phone: TO, message: 'hello' })).body).toEqual(done);
    expect(await app.query("SELECT 1 FROM sandbox_arrival WHERE text = 'hello'")).toHaveLength(1);
    expect((await admin.post('/whatsapp/disconnect')).body).toEqual(done);
    expect(await dataOf('connection-status')).toMatchObject({ status: 'DISCONNECTED' });
    expect((await admin.post('/whatsapp/reconnect')).body).toEqual(done);
    await untilStatus(admin, 'READY');
    const names = await app.query<{ name: string }>('SELECT DISTINCT name FROM event');
    expect(names.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        ...['whatsapp.qr', 'whatsapp.authenticated', 'whatsapp.ready', 'whatsapp.message_sent'],
        ...['whatsapp.disconnected', 'whatsapp.manual_disconnect', 'whatsapp.manual_reconnect'],
      ]),
    );
  });

  it('says that a message was sent only when it was', async () => {
    await link(admin);
    expect(await admin.post('/whatsapp/send', { phone: '+12025550122', message: 'no' })).toMatchObject({
      ...{ status: 422, body: { code: 'message-send-failed', reason: 'blocked-by-recipient' } },
    });
    expect(await admin.post('/whatsapp/send', { phone: '+12025550131', message: 'no' })).toMatchObject({
      ...{ status: 503, body: { code: 'message-not-sent-yet', messageStatus: 'UNCERTAIN' } },
    });
  });

  it.each([
    ['{}', ['#/phone', '#/message']],
    ['{"phone":"12","message":"","sessionId":"default"}', ['#/phone', '#/message', '#/sessionId']],
    [`{"phone":"${TO}","message":"${'x'.repeat(4097)}"}`, ['#/message']],
    [`{"phone":["${TO}"],"message":{"a":1}}`, ['#/phone', '#/message']],
  ])('I1 names every bad field of /whatsapp/send, and stores nothing', async (rawBody, pointers) => {
    const answer = await admin.call<{ errors: { pointer: string }[] }>('/whatsapp/send', {
      ...{ method: 'POST', rawBody, headers: { 'content-type': 'application/json' } },
    });
    expect(answer.status).toBe(400);
    expect(new Set(answer.body.errors.map(({ pointer }) => pointer))).toEqual(new Set(pointers));
    expect(await app.query('SELECT 1 FROM message')).toEqual([]);
  });

  it('Q1 is for administrators alone', async () => {
    await admin.get('/whatsapp/admin/qr-code');
    for (const role of ['OPERATOR', 'VIEWER'] as const) {
      const person = await app.as(role);
      for (const path of ['qr', 'admin/qr-code', 'status', 'connection-status', 'is-authenticated']) {
        const answer = await person.get(`/whatsapp/${path}`);
        expect([answer.status, answer.text.includes('2@')]).toEqual([403, false]);
      }
    }
    expect((await app.client.get('/whatsapp/qr')).status).toBe(401);
  });

  it('Q1 the code stands in no event, no audit entry and no other table', async () => {
    const { qr } = await dataOf('admin/qr-code');
    await get('qr');
    const tables = await app.query<{ name: string }>(
      "SELECT quote_ident(relname) AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    for (const { name } of tables) {
      const rows = await app.query<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`);
      expect(rows.filter(({ row }) => row.includes(String(qr)))).toEqual([]);
    }
  });
});

describe(WhatsAppService.name, () => {
  beforeAll(() => open());

  afterAll(() => app.close());

  it('links, sends and closes for another module as the endpoints do', async () => {
    expect(service.isAuthenticated()).toBe(false);
    expect(await service.getQRCode()).toBeNull();
    await service.initializeClient();
    await eventually(async () => (await service.getConnectionStatus()).status === 'QR_READY');
    const code = await service.generateQRCode();
    expect(await service.getQRCode()).toEqual(code);
    await admin.post('/v1/sandbox/default/scan');
    await eventually(() => service.isAuthenticated());
    expect(await service.getQRCode()).toBeNull();
    await expect(service.generateQRCode()).rejects.toMatchObject({ code: 'session-already-authenticated' });
    const { messageId } = await service.sendMessage(TO, 'from a service');
    const [row] = await app.query<{ status: string; actor_kind: string }>('SELECT * FROM message WHERE id = $1', [
      messageId,
    ]);
    expect(['SENT', 'DELIVERED', 'READ']).toContain(row?.status);
    expect(row?.actor_kind).toBe('system');
  });

  it.each([
    ['nothing', ''],
    ['4,097 characters', 'x'.repeat(4097)],
    ['U+0000', 'a\0b'],
    ['half of a surrogate pair', 'a\ud800'],
  ])('refuses a text of %s, and the messages of others beside it are sent', async (_name, text) => {
    const bad = service.sendMessage(TO, text);
    const good = Promise.all([1, 2, 3].map((n) => service.sendMessage(TO, `beside ${String(n)}`)));
    await expect(bad).rejects.toMatchObject({ code: 'invalid-message-text', kind: 'invalid-input' });
    await expect(good).resolves.toHaveLength(3);
  });

  it('refuses a number that is none, and a session that does not exist', async () => {
    await expect(service.sendMessage('status@broadcast', 'x')).rejects.toMatchObject({ code: 'invalid-phone-number' });
    await expect(service.getConnectionStatus({ sessionId: 'nobody' })).rejects.toMatchObject({
      code: 'session-not-found',
    });
  });

  it('closes and opens again without a code', async () => {
    await service.disconnect();
    expect(service.isAuthenticated()).toBe(false);
    await expect(service.sendMessage(TO, 'closed')).rejects.toMatchObject({ code: 'session-not-ready' });
    await service.reconnect();
    await eventually(() => service.isAuthenticated());
  });
});

const describeWithRedis = hasRedisServer() ? describe : describe.skip;

describeWithRedis('with Redis', () => {
  let server: RedisServer;
  let redis: Redis;

  beforeAll(async () => {
    server = await RedisServer.start();
    redis = new Redis(server.url);
    redis.on('error', () => undefined);
    await open({ REDIS_URL: server.url });
  });

  afterAll(async () => {
    await app.close();
    redis.disconnect();
    await server.kill();
  });

  it('keeps the code for at most 60 s and the status, under the keys of the contract', async () => {
    const { qr } = await dataOf('admin/qr-code');
    expect(await redis.get('cache:whatsapp:qr')).toContain(qr);
    const lifeMs = await redis.pttl('cache:whatsapp:qr');
    expect(lifeMs).toBeGreaterThan(50_000);
    expect(lifeMs).toBeLessThanOrEqual(60_000);
    expect(await redis.get('cache:whatsapp:status')).toContain('QR_READY');
    expect(await redis.pttl('cache:whatsapp:status')).toBeGreaterThan(0);
  });

  it('Q3 forgets the code when a number has been linked', async () => {
    await link(admin);
    expect(await redis.get('cache:whatsapp:qr')).toBeNull();
    expect(await redis.get('cache:whatsapp:status')).toContain('READY');
  });

  it('F9 is emptied and killed under load: nothing is lost, nothing is sent twice, nobody is logged out', async () => {
    const answers: Answer<{ id: string }>[] = [];
    const load = async (): Promise<void> => {
      for (let i = 0; i < 15; i += 1)
        answers.push(await admin.post('/v1/messages', { to: TO, text: `F9 ${String(i)}` }));
    };
    const all = Promise.all([load(), load(), load(), load()]);
    await redis.flushall();
    await server.kill();
    await all;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await dataOf('connection-status')).toMatchObject({ status: 'READY' });
    await server.restart();
    await eventually(
      async () => (await app.query("SELECT 1 FROM message WHERE status IN ('QUEUED', 'SENDING')")).length === 0,
    );
    const acknowledged = answers.map(({ body }) => body.id);
    const query = <Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
      app.query<Row>(text, values);
    expect(await findViolations(query, { acknowledged, isSettled: false })).toEqual([]);
  });
});

describeWithRedis('a process that died while it showed a code', () => {
  let server: RedisServer;

  beforeEach(async () => {
    server = await RedisServer.start();
    await open({ REDIS_URL: server.url });
  });

  afterEach(async () => {
    await app.close();
    await server.kill();
  });

  /** Starts over the same database, directory and Redis while the first still stands there, as one does after kill -9. */
  const succeed = async (look: (successor: HttpClient) => Promise<void>): Promise<void> => {
    const { database, dataDir } = app;
    const successor = await createTestApp({ env: { REDIS_URL: server.url }, database, dataDir });
    try {
      await look(await successor.as('ADMIN'));
    } finally {
      await successor.close();
    }
  };

  it('Q5 shows its code to nobody afterwards: the next one is new', async () => {
    const { qr } = await dataOf('admin/qr-code');
    await succeed(async (successor) => {
      const seen = await eventually(async () => {
        const { body } = await successor.get<Envelope>('/whatsapp/qr');
        expect(body.data['qr']).not.toBe(qr);
        return body.data['qr'];
      });
      expect(seen).toMatch(/^2@/);
    });
  });

  it('Q5 is not QR_READY when nobody wants it open any more', async () => {
    await dataOf('admin/qr-code');
    await app.query('UPDATE session SET is_wanted = false');
    await succeed(async (successor) => {
      expect(await successor.get('/whatsapp/connection-status')).toMatchObject({
        body: { data: { status: 'DISCONNECTED', hasQRCode: false } },
      });
      const redis = new Redis(server.url);
      expect(await redis.get('cache:whatsapp:qr')).toBeNull();
      redis.disconnect();
    });
  });
});
