import type { Answer, HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const NO_MESSAGE = 'msg_00000000000000000000000000';
const NO_SESSION = 'no-such-session';

interface Problem {
  readonly instance: string;
}

/** What a stranger learns from an answer: everything but the id of the request and his own words. */
const told = ({ status, body }: Answer<Problem>, own: string): string =>
  JSON.stringify({ status, ...body, instance: '' }).replaceAll(own, '?');

describe("somebody else's session (e2e)", () => {
  let app: TestApp;
  let owner: HttpClient;
  let other: HttpClient;
  let messageId: string;

  beforeAll(async () => {
    app = await createTestApp();
    owner = await app.as('OPERATOR');
    other = (await app.addPerson('OPERATOR', ['somebody-elses'])).client;
    const accepted = await owner.post<{ id: string }>('/v1/messages', { to: '+12025550110', text: 'a canary' });
    expect(accepted.status).toBe(202);
    messageId = accepted.body.id;
  });

  afterAll(() => app.close());

  it('A3 a message of it is answered as one that does not exist', async () => {
    expect((await owner.get(`/v1/messages/${messageId}`)).status).toBe(200);
    const foreign = await other.get<Problem>(`/v1/messages/${messageId}`);
    const missing = await other.get<Problem>(`/v1/messages/${NO_MESSAGE}`);
    expect(foreign.status).toBe(404);
    expect(told(foreign, messageId)).toBe(told(missing, NO_MESSAGE));
  });

  it('A3 its messages are in no list of the stranger, whatever is asked for', async () => {
    for (const query of ['', '?sessionId=default', '?direction=OUTBOUND', '?to=%2B12025550110', '?limit=200']) {
      const { status, text } = await other.get(`/v1/messages${query}`);
      expect([200, 404]).toContain(status);
      expect(text).not.toContain(messageId);
      expect(text).not.toContain('canary');
    }
    expect((await owner.get('/v1/messages')).text).toContain(messageId);
  });

  it('A3 sending from it is answered as from one that does not exist, and stores nothing', async () => {
    const message = { to: '+12025550111', text: 'not mine' };
    const foreign = await other.post<Problem>('/v1/messages', { ...message, sessionId: 'default' });
    const missing = await other.post<Problem>('/v1/messages', { ...message, sessionId: NO_SESSION });
    expect(foreign.status).toBe(404);
    expect(told(foreign, 'default')).toBe(told(missing, NO_SESSION));
    expect(await app.query("SELECT 1 FROM message WHERE text = 'not mine'")).toEqual([]);
  });

  it.each([
    ['scan', {}],
    ['receive', { from: '+12025550150', text: 'not mine' }],
    ['ack', { messageId: NO_MESSAGE, status: 'READ' }],
    ['disconnect', { reason: 'connection' }],
    ['behaviour', { failNext: 1 }],
  ])('A3 steering it (%s) is answered as one that does not exist', async (verb, body) => {
    const foreign = await other.post<Problem>(`/v1/sandbox/default/${verb}`, body);
    const missing = await other.post<Problem>(`/v1/sandbox/${NO_SESSION}/${verb}`, body);
    expect(foreign.status).toBe(404);
    expect(told(foreign, 'default')).toBe(told(missing, NO_SESSION));
  });

  it.each([
    ['GET', '', undefined],
    ['GET', '/status', undefined],
    ['GET', '/qr', undefined],
    ['GET', '/qr/image', undefined],
    ['GET', '/numbers/+12025550110', undefined],
    ['GET', '/profile', undefined],
    ['GET', '/contacts', undefined],
    ['GET', '/contacts/+12025550110', undefined],
    ['GET', '/groups', undefined],
    ['POST', '/start', undefined],
    ['POST', '/stop', undefined],
    ['POST', '/logout', undefined],
    ['POST', '/reconnect', {}],
    ['POST', '/pairing-code', { phone: '+12025550110' }],
    ['POST', '/chats/+12025550110/read', undefined],
    ['POST', '/chats/+12025550110/typing', { state: 'composing' }],
  ])('A3 A4 %s %s of it is answered as of one that does not exist, and does nothing', async (method, path, body) => {
    const call = { method, ...(body === undefined ? {} : { body }) };
    const rows = (): Promise<readonly object[]> => app.query(`SELECT * FROM session WHERE id = 'default'`);
    const before = await rows();
    const foreign = await other.call<Problem>(`/v1/sessions/default${path}`, call);
    const missing = await other.call<Problem>(`/v1/sessions/${NO_SESSION}${path}`, call);
    expect(foreign.status).toBe(404);
    expect(told(foreign, 'default')).toBe(told(missing, NO_SESSION));
    expect(await rows()).toEqual(before);
  });

  it('A3 is in no list of sessions of a stranger, and nobody who sees some makes another', async () => {
    const admin = await app.as('ADMIN');
    expect((await owner.get('/v1/sessions')).text).toContain('"default"');
    for (const query of ['', '?limit=1', '?limit=200']) {
      expect((await other.get<{ data: readonly object[] }>(`/v1/sessions${query}`)).body).toEqual({
        data: [],
        nextCursor: null,
      });
    }
    const { nextCursor } = (await admin.get<{ nextCursor: string | null }>('/v1/sessions?limit=1')).body;
    if (nextCursor !== null) expect((await other.get(`/v1/sessions?cursor=${nextCursor}`)).text).not.toContain('"id"');
    expect((await other.post('/v1/sessions', { id: 'mine', name: 'Mine', engine: 'sandbox' })).status).toBe(403);
    expect((await other.patch('/v1/sessions/default', { name: 'Mine' })).status).toBe(403);
    expect((await other.delete('/v1/sessions/default')).status).toBe(403);
  });

  it('A5 an id that stands in the path cannot be said again in query or body', async () => {
    const admin = await app.as('ADMIN');
    const { id } = (await app.addPerson('VIEWER')) as { id: string };
    const { id: second } = await app.addPerson('VIEWER');
    expect((await admin.patch(`/v1/users/${id}`, { id: second, name: 'x' })).status).toBe(400);
    expect((await admin.call(`/v1/users/${id}?id=${second}`, { method: 'DELETE' })).status).toBe(400);
    expect(
      (await owner.post('/v1/sandbox/default/ack', { sessionId: 'other', messageId, status: 'READ' })).status,
    ).toBe(400);
    expect((await owner.get('/v1/sandbox/default/outbox?sessionId=other')).status).toBe(400);
    expect((await owner.get('/v1/messages?sessionId=default&sessionId=other')).status).toBe(400);
  });
});
