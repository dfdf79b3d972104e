import { SandboxPhones } from '../../src/modules/engines/sandbox/sandbox-phones.js';
import type { Answer, HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

interface Accepted {
  readonly id: string;
}

interface Detail {
  readonly status: string;
  readonly timeline: readonly { readonly status: string }[];
}

const TO = '+12025550110';

let app: TestApp;
let admin: HttpClient;
let query: Query;

beforeAll(async () => {
  ({ app, admin, query } = await createLinkedApp());
});

afterAll(async () => {
  const violations = await findViolations(query, { isSettled: false });
  await app.close();
  expect(violations).toEqual([]);
});

const send = (body: object, path = '/v1/messages'): Promise<Answer<Accepted>> =>
  admin.post<Accepted>(path, { to: TO, text: 'hello', ...body });

const detailOf = async (id: string): Promise<Detail> => (await admin.get<Detail>(`/v1/messages/${id}`)).body;

const countOf = async (text: string): Promise<number> =>
  (await query('SELECT 1 FROM message WHERE text = $1', [text])).length;

describe('F20 acknowledgements', () => {
  beforeAll(async () => {
    await admin.post('/v1/sandbox/default/behaviour', { automaticAcks: false });
  });

  afterAll(async () => {
    await admin.post('/v1/sandbox/default/behaviour', { automaticAcks: true });
  });

  it.each([
    [['READ', 'SENT', 'DELIVERED'], 'READ'],
    [['DELIVERED', 'DELIVERED', 'SENT'], 'DELIVERED'],
    [['SENT', 'READ', 'READ', 'DELIVERED', 'SENT'], 'READ'],
  ])('F20 %j: the status only climbs, to %s', async (order, end) => {
    const { body } = await send({ text: 'F20' }, '/v1/messages?wait=sent');
    for (const status of order) {
      expect(await admin.post('/v1/sandbox/default/ack', { messageId: body.id, status })).toMatchObject({
        status: 204,
      });
    }
    const { status, timeline } = await detailOf(body.id);
    expect(status).toBe(end);
    expect(new Set(timeline.map((entry) => entry.status)).size).toBe(timeline.length);
  });

  it('F20 an acknowledgement of a message that nobody sent changes nothing', async () => {
    const unknown = await admin.post('/v1/sandbox/default/ack', { messageId: 'msg_0000', status: 'READ' });
    expect(unknown).toMatchObject({ status: 409, body: { code: 'sandbox-state' } });
  });
});

describe('GET /v1/messages', () => {
  it('pages without a gap or a repeat while messages come in', async () => {
    for (let i = 0; i < 7; i += 1) await send({ to: '+5511987650077', text: `page ${String(i)}` });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await admin.get<{ data: { text: string }[]; nextCursor: string | null }>(
        `/v1/messages?to=%2B5511987650077&limit=3${more}`,
      );
      seen.push(...body.data.map(({ text }) => text));
      cursor = body.nextCursor;
      await send({ to: '+5511987650077', text: 'came meanwhile' });
    } while (cursor !== null);
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `page ${String(i)}`));
  });

  it('a cursor belongs to its filters', async () => {
    const first = await admin.get<{ nextCursor: string }>('/v1/messages?limit=1&direction=OUTBOUND');
    const { nextCursor } = first.body;
    const withOther = await admin.get(`/v1/messages?limit=1&direction=INBOUND&cursor=${nextCursor}`);
    expect(withOther).toMatchObject({ status: 400, body: { code: 'invalid-cursor' } });
    const same = await admin.get(`/v1/messages?limit=2&direction=OUTBOUND&cursor=${nextCursor}`);
    expect(same.status).toBe(200);
    expect((await admin.get('/v1/messages?cursor=AAAA')).status).toBe(400);
  });

  it('A3 a message of a session that was not granted is not there, as one that does not exist', async () => {
    const stranger = (await app.addPerson('OPERATOR', [])).client;
    const { body } = await send({ text: 'private' });
    const theirs = await stranger.get<{ code: string; detail: string }>(`/v1/messages/${body.id}`);
    const nobodys = await stranger.get<{ code: string; detail: string }>('/v1/messages/msg_01m7xqhk2j01m7xqhk2j01m7xq');
    expect([theirs.status, theirs.body.code]).toEqual([404, 'message-not-found']);
    expect(theirs.body.detail).toBe(nobodys.body.detail);
    expect((await stranger.get<{ data: unknown[] }>('/v1/messages')).body.data).toEqual([]);
    expect(await stranger.post('/v1/messages', { to: TO, text: 'no' })).toMatchObject({
      ...{ status: 404, body: { code: 'session-not-found' } },
    });
  });

  it.each([
    ['limit=0&direction=UP&status=GONE', ['?limit', '?direction', '?status']],
    ['sessionId=A_B&to=letters&from=12', ['?sessionId', '?to', '?from']],
    ['type=polls&since=yesterday&until=1', ['?type', '?since', '?until']],
    ['limit=201&cursor=', ['?limit', '?cursor']],
    ['admin=true', ['?admin']],
  ])('I1 names every bad parameter of ?%s', async (parameters, pointers) => {
    const answer = await admin.get<{ errors: { pointer: string }[] }>(`/v1/messages?${parameters}`);
    expect(answer.status).toBe(400);
    expect(new Set(answer.body.errors.map(({ pointer }) => pointer))).toEqual(new Set(pointers));
  });
});

describe('what comes in', () => {
  it('is stored once, however often the provider tells it', async () => {
    const handle = app.app.get(SandboxPhones).find('default') as unknown as {
      reports: { received(message: object): Promise<void> };
    };
    const message = {
      providerMessageId: 'in_1',
      from: '+12025550150',
      to: null,
      type: 'text',
      ...{ text: 'once', group: null, content: null, media: null, quotedProviderMessageId: null },
      ...{ at: new Date(), isCatchUp: false },
    };
    await Promise.all(Array.from({ length: 20 }, () => handle.reports.received(message)));
    await handle.reports.received(message);
    expect(await countOf('once')).toBe(1);
  });

  it('I7 is stored whatever a contact writes, and keeps up nobody else', async () => {
    const handle = app.app.get(SandboxPhones).find('default');
    const from = '+12025550150';
    const texts = ['a\0b', 'half \ud800 pair', 'x'.repeat(65_536), 'good'];
    await Promise.all(texts.map(async (text) => handle?.receive({ from, text, type: 'text' })));
    const rows = await query<{ text: string }>("SELECT text FROM message WHERE sender = $1 AND direction = 'INBOUND'", [
      from,
    ]);
    const stored = rows.map(({ text }) => text);
    expect(stored).toEqual(expect.arrayContaining(['a\uFFFDb', 'half \uFFFD pair', 'x'.repeat(65_536), 'good']));
  });
});
