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
