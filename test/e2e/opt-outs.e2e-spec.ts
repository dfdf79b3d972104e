import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

interface OptOut {
  readonly id: string;
  readonly phone: string;
  readonly sessionId: string | null;
  readonly source: string;
}

const NOBODYS = '/v1/opt-outs/opt_00000000000000000000000000';

let app: TestApp;
let admin: HttpClient;
let query: Query;
let operator: HttpClient;
let stranger: HttpClient;
let last = 0;

const somebody = (): string => {
  last += 1;
  return `+551197${String(1_000_000 + last)}`;
};

const receive = async (from: string, text: string, more: object = {}): Promise<void> => {
  const answer = await admin.post('/v1/sandbox/default/receive', { from, text, ...more });
  if (answer.status >= 300) throw new Error(answer.text);
};

const optOutsOf = async (phone: string): Promise<readonly OptOut[]> =>
  (await admin.get<{ data: OptOut[] }>(`/v1/opt-outs?phone=${encodeURIComponent(phone)}`)).body.data;

const eventsOf = async (phone: string): Promise<readonly string[]> => {
  const rows = await query<{ name: string }>(
    "SELECT name FROM event WHERE name IN ('whatsapp.opted_out', 'whatsapp.opted_in') AND payload::text LIKE $1 ORDER BY seq",
    [`%${phone}%`],
  );
  return rows.map(({ name }) => name);
};

beforeAll(async () => {
  ({ app, admin, query } = await createLinkedApp());
  operator = (await app.addPerson('OPERATOR', ['default'])).client;
  stranger = (await app.addPerson('OPERATOR', [])).client;
});

afterAll(async () => {
  await eventually(async () => (await findViolations(query)).length === 0, 20_000);
  await app.close();
});

describe('opt-outs (e2e)', () => {
  it('keep every message from whoever is written down, until it is taken back', async () => {
    const phone = somebody();
    const made = await operator.post<OptOut>('/v1/opt-outs', { phone, sessionId: 'default', reason: 'asked by mail' });
    expect([made.status, made.body]).toMatchObject([201, { phone, sessionId: 'default', source: 'api' }]);
    const refused = await operator.post('/v1/messages', { to: phone, text: 'no' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'recipient-opted-out' } });
    expect(await query('SELECT 1 FROM message WHERE recipient = $1', [phone])).toEqual([]);
    const again = await operator.post<OptOut>('/v1/opt-outs', { phone, sessionId: 'default' });
    expect(again.body.id).toBe(made.body.id);

    expect((await operator.delete(`/v1/opt-outs/${made.body.id}`)).status).toBe(204);
    expect((await operator.post('/v1/messages', { to: phone, text: 'yes' })).status).toBe(202);
    expect(await eventsOf(phone)).toEqual(['whatsapp.opted_out', 'whatsapp.opted_in']);
  });

  it('stop what waits already', async () => {
    const phone = somebody();
    const scheduledAt = new Date(Date.now() + 1500).toISOString();
    const { body } = await operator.post<{ id: string }>('/v1/messages', { to: phone, text: 'later', scheduledAt });
    await operator.post('/v1/opt-outs', { phone, sessionId: 'default' });
    await eventually(async () => {
      const { body: now } = await admin.get<{ status: string; error?: { code: string } }>(`/v1/messages/${body.id}`);
      return now.status === 'FAILED' && now.error?.code === 'recipient-opted-out';
    });
    expect(await query('SELECT 1 FROM sandbox_arrival WHERE recipient = $1', [phone])).toEqual([]);
  });

  it('are heard from the contact: STOP ends all messages, START lets them in again', async () => {
    const phone = somebody();
    await receive(phone, ' Arrêt! ');
    expect(await optOutsOf(phone)).toMatchObject([{ sessionId: 'default', source: 'stop-word' }]);
    expect(await operator.post('/v1/messages', { to: phone, text: 'no' })).toMatchObject({ status: 422 });
    await receive(phone, 'STOP');
    await receive(phone, 'start');
    expect(await optOutsOf(phone)).toEqual([]);
    expect((await operator.post('/v1/messages', { to: phone, text: 'yes' })).status).toBe(202);
    expect(await eventsOf(phone)).toEqual(['whatsapp.opted_out', 'whatsapp.opted_in']);
    const entries = await query<{ action: string; actor_kind: string }>(
      `SELECT action, actor_kind FROM audit_entry WHERE action LIKE 'opt-outs.%' AND detail LIKE '%stop-word%' ORDER BY seq`,
    );
    expect(entries.map(({ action }) => action)).toEqual(['opt-outs.create', 'opt-outs.delete']);
  });

  it('begin with a STOP that a contact makes of another word, and end with a START', async () => {
    const phone = somebody();
    const edit = (text: string): Promise<{ readonly status: number }> =>
      admin.post('/v1/sandbox/default/edit', { providerMessageId: `slip-${phone}`, text });
    await receive(phone, 'SROP', { id: `slip-${phone}` });
    expect(await optOutsOf(phone)).toEqual([]);
    expect((await edit('STOP')).status).toBe(204);
    await eventually(async () => (await optOutsOf(phone)).length === 1);
    expect((await admin.post('/v1/messages', { to: phone, text: 'no' })).status).toBe(422);
    await edit('START');
    await eventually(async () => (await optOutsOf(phone)).length === 0);
  });

  it('are not heard in a sentence or in a group, and START takes back no opt-out of ours', async () => {
    const [talking, inGroup, ours] = [somebody(), somebody(), somebody()];
    await receive(talking, 'please stop at the bus stop');
    await receive(inGroup, 'STOP', { group: '120363000000000001@g.us' });
    await admin.post('/v1/opt-outs', { phone: ours, sessionId: 'default' });
    await receive(ours, 'START');
    expect([await optOutsOf(talking), await optOutsOf(inGroup)]).toEqual([[], []]);
    expect(await optOutsOf(ours)).toHaveLength(1);
  });

  it('for every session are for those who see every session', async () => {
    const phone = somebody();
    expect(await operator.post('/v1/opt-outs', { phone })).toMatchObject({ status: 403 });
    const { body } = await admin.post<OptOut>('/v1/opt-outs', { phone });
    expect(body.sessionId).toBeNull();
    expect(await operator.post('/v1/messages', { to: phone, text: 'no' })).toMatchObject({ status: 422 });
    expect(await operator.delete(`/v1/opt-outs/${body.id}`)).toMatchObject({ status: 403 });
    expect((await operator.get(`/v1/opt-outs/${body.id}`)).status).toBe(200);
  });

  it('A3 one of a session that was not granted is not there, as one that does not exist', async () => {
    const phone = somebody();
    const { body } = await admin.post<OptOut>('/v1/opt-outs', { phone, sessionId: 'default' });
    for (const method of ['GET', 'DELETE']) {
      const theirs = await stranger.call<{ detail: string }>(`/v1/opt-outs/${body.id}`, { method });
      const nobodys = await stranger.call<{ detail: string }>(NOBODYS, { method });
      expect([theirs.status, theirs.body.detail]).toEqual([404, nobodys.body.detail]);
    }
    const { body: list } = await stranger.get<{ data: OptOut[] }>('/v1/opt-outs?sessionId=default');
    expect(list.data).toEqual([]);
    expect(await stranger.post('/v1/opt-outs', { phone, sessionId: 'default' })).toMatchObject({ status: 404 });
    expect(await optOutsOf(phone)).toHaveLength(1);
  });

  it('are paged newest first, with a cursor that belongs to its filters', async () => {
    const phones = [somebody(), somebody(), somebody()];
    for (const phone of phones) await admin.post('/v1/opt-outs', { phone, sessionId: 'default' });
    const path = '/v1/opt-outs?sessionId=default';
    const first = await admin.get<{ data: OptOut[]; nextCursor: string }>(`${path}&limit=2`);
    const cursor = first.body.nextCursor;
    const second = await admin.get<{ data: OptOut[] }>(`${path}&limit=1&cursor=${cursor}`);
    const seen = [...first.body.data, ...second.body.data].map(({ phone }) => phone);
    expect(seen).toEqual([...phones].reverse());
    expect((await admin.get(`/v1/opt-outs?limit=2&cursor=${cursor}`)).status).toBe(400);
  });
});
