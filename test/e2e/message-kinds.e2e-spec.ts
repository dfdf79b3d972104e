import { eventually, eventuallyPasses } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

const ADA = '+12025550110';
/** One pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const WEBP = 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==';
const OGG = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(24), Buffer.from('OpusHead'), Buffer.alloc(40)]);

interface Sent {
  readonly id: string;
  readonly status: string;
}

interface Read {
  readonly status: string;
  readonly type: string;
  readonly text: string | null;
  readonly providerMessageId: string | null;
  readonly targetId?: string;
  readonly media?: { readonly id: string | null; readonly status?: string };
  readonly content?: object;
}

interface Arrival {
  readonly messageId: string;
  readonly type: string;
  readonly text: string | null;
  readonly content: Record<string, unknown> | null;
}

describe('every kind of message (e2e)', () => {
  let app: TestApp;
  let admin: HttpClient;
  let query: Query;

  beforeAll(async () => {
    ({ app, admin, query } = await createLinkedApp());
  });

  afterAll(async () => {
    try {
      await eventuallyPasses(async () => {
        expect(await findViolations(query)).toEqual([]);
      });
    } finally {
      await app.close();
    }
  });

  const send = async (body: object): Promise<string> => {
    const answer = await admin.post<Sent>('/v1/messages', { to: ADA, ...body });
    if (answer.status !== 202) throw new Error(answer.text);
    return answer.body.id;
  };
  const read = async (id: string): Promise<Read> => (await admin.get<Read>(`/v1/messages/${id}`)).body;
  const arrived = async (id: string): Promise<Arrival | undefined> => {
    const { body } = await admin.get<{ data: Arrival[] }>('/v1/sandbox/default/outbox?limit=100');
    return body.data.find(({ messageId }) => messageId === id);
  };
  const untilStatus = (id: string, status: string): Promise<unknown> =>
    eventually(async () => (await read(id)).status === status);

  it.each([
    ['text with mentions', { text: 'Hi @12025550101', mentions: ['+12025550101'], linkPreview: true }],
    ['image', { image: { data: PNG, caption: 'One pixel' } }],
    ['sticker', { sticker: { data: WEBP } }],
    ['voice', { voice: { data: OGG.toString('base64') } }],
    ['document', { document: { data: Buffer.from('%PDF-1.7 test').toString('base64'), fileName: 'a.pdf' } }],
    ['location', { location: { latitude: -23.5, longitude: -46.6, name: 'Here' } }],
    ['contacts', { contacts: [{ name: 'Ben', phones: ['+12025550101'] }] }],
    ['poll', { poll: { question: 'Tea?', options: ['yes', 'no'] } }],
  ])('sends: %s', async (_name, body) => {
    const id = await send(body);
    await untilStatus(id, 'READ');
    const { type, text, content } = (await arrived(id)) ?? {};
    const kind = Object.keys(body)[0];
    expect(type).toBe(kind);
    const sent = JSON.stringify(body);
    if (text !== null && text !== undefined) expect(sent).toContain(JSON.stringify(text));
    if (kind !== 'text') expect(text ?? content).toBeTruthy();
  });

  it('answers, reacts to, edits, revokes and forwards a message of the log', async () => {
    const first = await send({ text: 'first' });
    await untilStatus(first, 'READ');
    const { providerMessageId } = await read(first);

    const reply = await send({ text: 'answer', replyTo: first });
    const reaction = await send({ reaction: { messageId: first, emoji: '👍🏽' } });
    const edit = (await admin.post<Sent>(`/v1/messages/${first}/edit`, { text: 'better' })).body.id;
    const forward = (await admin.post<Sent>(`/v1/messages/${first}/forward`, { to: '+12025550101' })).body.id;
    const revoke = (await admin.post<Sent>(`/v1/messages/${first}/revoke`)).body.id;
    await untilStatus(reply, 'READ');
    for (const id of [reaction, edit, revoke]) await untilStatus(id, 'SENT');
    await untilStatus(forward, 'DELIVERED');
    expect((await arrived(reply))?.content).toEqual({ quoted: providerMessageId });
    expect(await arrived(reaction)).toMatchObject({
      type: 'reaction',
      text: '👍🏽',
      content: { target: providerMessageId },
    });
    expect(await arrived(edit)).toMatchObject({ type: 'edit', text: 'better' });
    expect(await arrived(forward)).toMatchObject({ type: 'forward', content: { target: providerMessageId } });
    expect((await read(revoke)).targetId).toBe(first);
  });

  it('refuses what does not fit, by name, and stores nothing of it', async () => {
    const before = await query('SELECT 1 FROM message');
    const cases: readonly (readonly [object, number, string])[] = [
      [{}, 400, 'invalid-request'],
      [{ text: 'a', location: { latitude: 1, longitude: 1 } }, 400, 'invalid-request'],
      [{ text: 'a', type: 'image' }, 400, 'invalid-request'],
      [{ image: { data: Buffer.from('<html>').toString('base64') } }, 422, 'media-unsuitable'],
      [{ image: { mediaId: 'med_0000' } }, 404, 'media-not-found'],
      [{ image: { url: 'http://169.254.169.254/latest' } }, 400, 'url-refused'],
      [{ image: { path: '/etc/passwd' } }, 400, 'invalid-request'],
      [{ image: {} }, 400, 'invalid-request'],
      [{ poll: { question: 'a', options: ['x'] } }, 400, 'invalid-request'],
      [{ location: { latitude: 91, longitude: 0 } }, 400, 'invalid-request'],
      [{ reaction: { messageId: 'msg_0', emoji: 'ab' } }, 400, 'invalid-request'],
      [{ reaction: { messageId: 'msg_0', emoji: '👍' } }, 404, 'message-not-found'],
      [{ text: 'a', expiresAt: '2020-01-01T00:00:00Z' }, 400, 'message-times-invalid'],
      [{ text: 'a', to: 'status@broadcast' }, 400, 'invalid-request'],
      [{ template: { name: 'missing' } }, 404, 'template-not-found'],
    ];
    for (const [body, status, code] of cases) {
      const answer = await admin.post<{ code: string }>('/v1/messages', { to: ADA, ...body });
      expect([JSON.stringify(body), answer.status, answer.body.code]).toEqual([JSON.stringify(body), status, code]);
    }
    expect(await query('SELECT 1 FROM message')).toHaveLength(before.length);
  });

  it('sends to a group', async () => {
    const { body } = await admin.get<{ data: { id: string }[] }>('/v1/sessions/default/groups');
    const id = await send({ to: body.data[0]?.id, text: 'to all' });
    await untilStatus(id, 'READ');
  });

  it('sends later, not at all after its time, and takes back what waits', async () => {
    const at = new Date(Date.now() + 1500);
    const later = await send({ text: 'later', scheduledAt: at });
    const never = await send({ text: 'never', scheduledAt: new Date(Date.now() + 3_600_000) });
    expect((await read(later)).status).toBe('SCHEDULED');
    expect((await admin.post<Read>(`/v1/messages/${never}/cancel`)).body.status).toBe('CANCELLED');
    expect((await admin.post(`/v1/messages/${never}/cancel`)).status).toBe(409);
    // One more try is one at its time.
    expect((await admin.post<Read>(`/v1/messages/${never}/retry`)).body.status).toBe('SCHEDULED');
    await untilStatus(later, 'READ');
    const [row] = await query<{ ok: boolean }>('SELECT sent_at >= $2 AS ok FROM message WHERE id = $1', [later, at]);
    expect(row?.ok).toBe(true);

    await admin.post('/v1/sessions/default/stop');
    const short = await send({ text: 'short', expiresAt: new Date(Date.now() + 1200) });
    await untilStatus(short, 'EXPIRED');
    await admin.post('/v1/sessions/default/start');
    const retried = await admin.post<Read>(`/v1/messages/${short}/retry`);
    expect([retried.status, retried.body]).toMatchObject([409, { code: 'message-state', messageStatus: 'EXPIRED' }]);
    expect((await read(never)).status).toBe('SCHEDULED');
  });

  it('a message that nobody acknowledges in time is UNCONFIRMED until somebody does', async () => {
    await admin.patch('/v1/sessions/default', { settings: { confirmTimeoutSeconds: 1 } });
    const id = await send({ to: '+12025550130', text: 'is anybody there?' });
    await untilStatus(id, 'UNCONFIRMED');
    await admin.post('/v1/sandbox/default/ack', { messageId: id, status: 'DELIVERED' });
    await untilStatus(id, 'DELIVERED');
    await admin.patch('/v1/sessions/default', { settings: { confirmTimeoutSeconds: 600 } });
  });

  it('takes in files, places, changes and calls, and fetches the file once', async () => {
    const { body } = await admin.post<{ providerMessageId: string }>('/v1/sandbox/default/receive', {
      from: ADA,
      type: 'image',
      text: 'look',
      media: { mimeType: 'image/png', fileName: '../../x.png', data: PNG },
    });
    const inbound = async (): Promise<Read> => {
      const { body: page } = await admin.get<{ data: Read[] }>('/v1/messages?direction=INBOUND&type=image');
      const [message] = page.data;
      if (message === undefined) throw new Error('nothing came in');
      return message;
    };
    await eventually(async () => (await inbound()).media?.status === 'STORED');
    const message = await inbound();
    const file = await fetch(`${admin.url}/v1/media/${message.media?.id ?? ''}`, {
      headers: { authorization: `Bearer ${(await app.person('ADMIN')).accessToken}` },
    });
    expect(Buffer.from(await file.arrayBuffer()).toString('base64')).toBe(PNG);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="x.png"/);

    const { providerMessageId } = body;
    for (let i = 0; i < 2; i += 1) {
      await admin.post('/v1/sandbox/default/edit', { providerMessageId, text: 'look!' });
      await admin.post('/v1/sandbox/default/reaction', { providerMessageId, from: ADA, emoji: '🎉' });
      await admin.post('/v1/sandbox/default/revoke', { providerMessageId });
      await admin.post('/v1/sandbox/default/call', { id: 'call_1', from: ADA });
    }
    const names = ['message_edited', 'message_reaction', 'message_revoked', 'call'].map((name) => `whatsapp.${name}`);
    const events = await query<{ name: string }>('SELECT name FROM event WHERE name = ANY($1) ORDER BY name', [names]);
    expect(events.map(({ name }) => name)).toEqual([...names].sort());
    expect((await inbound()).text).toBe('look!');
  });

  it('F10 what came while the session was away is fetched once, in order, and the gap is told', async () => {
    await admin.post('/v1/sandbox/default/disconnect', { reason: 'connection' });
    await admin.post('/v1/sessions/default/stop');
    for (const text of ['one', 'two', 'three']) {
      expect((await admin.post('/v1/sandbox/default/receive', { from: ADA, text, id: `gap_${text}` })).status).toBe(
        201,
      );
    }
    await admin.post('/v1/sessions/default/start');
    await eventually(
      async () =>
        (await query("SELECT 1 FROM event WHERE name = 'whatsapp.gap_recovered' AND (payload->>'messages')::int = 3"))
          .length === 1,
    );
    const rows = await query<{ text: string }>(
      "SELECT text FROM message WHERE provider_message_id LIKE 'gap_%' ORDER BY seq",
    );
    expect(rows.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  it('an opt-out holds for what waits, and STOP is heard at once', async () => {
    const stopped = await send({ to: '+12025550151', text: 'news', expiresAt: new Date(Date.now() + 600_000) });
    await untilStatus(stopped, 'READ');
    await eventually(
      async () => (await admin.post('/v1/messages', { to: '+12025550151', text: 'more' })).status === 422,
    );
    const waiting = await send({ to: '+12025550199', text: 'soon', scheduledAt: new Date(Date.now() + 1200) });
    const optOut = await admin.post<{ id: string }>('/v1/opt-outs', { phone: '+12025550199' });
    expect(optOut.status).toBe(201);
    await untilStatus(waiting, 'FAILED');
    expect((await admin.delete(`/v1/opt-outs/${optOut.body.id}`)).status).toBe(204);
    await send({ to: '+12025550199', text: 'again' });
  });

  it('a template is filled, and says which variables are wrong', async () => {
    const made = await admin.post<{ id: string; variables: string[] }>('/v1/templates', {
      name: 'greeting',
      language: 'en',
      body: 'Hi {{name}}, order {{order}}',
    });
    expect(made.body.variables).toEqual(['name', 'order']);
    const wrong = await admin.post<{ code: string; missing: string[] }>('/v1/messages', {
      to: ADA,
      template: { name: 'greeting', variables: { name: 'Ada', colour: 'red' } },
    });
    expect(wrong.body).toMatchObject({
      code: 'template-variables-invalid',
      missing: ['order'],
      superfluous: ['colour'],
    });
    const id = await send({ template: { id: made.body.id, variables: { name: '{{order}}', order: '7' } } });
    expect((await read(id)).text).toBe('Hi {{order}}, order 7');
  });
});
