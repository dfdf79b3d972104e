import { createConnection } from 'node:net';

import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import type { Query } from '../support/invariants.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

interface Told {
  readonly id: string;
  readonly type: string;
  readonly sessionId: string | null;
  readonly data: { readonly messageId?: string };
}

const toTold = (frame: string): readonly Told[] => {
  const data = /^data: (.*)$/m.exec(frame)?.[1];
  return data === undefined ? [] : [JSON.parse(data) as Told];
};

/** Reads a stream as a browser does. */
class Listener {
  readonly told: Told[] = [];
  isClosed = false;
  private readonly ended = new AbortController();

  static async open(client: HttpClient, query = '', headers: Record<string, string> = {}): Promise<Listener> {
    const listener = new Listener();
    const url = `${client.url}/v1/events${query}`;
    const answer = await fetch(url, { headers: { ...headersOf(client), ...headers }, signal: listener.ended.signal });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    void listener.read(answer).finally(() => (listener.isClosed = true));
    return listener;
  }

  close(): void {
    this.ended.abort();
  }

  private async read(answer: Response): Promise<void> {
    let text = '';
    try {
      for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += chunk;
        const frames = text.split('\n\n');
        text = frames.pop() ?? '';
        this.told.push(...frames.flatMap(toTold));
      }
    } catch {
      // It was closed.
    }
  }
}

const headersOf = (client: HttpClient): Record<string, string> =>
  (client as unknown as { readonly headers: Record<string, string> }).headers;

let app: TestApp;
let admin: HttpClient;
let query: Query;
const listeners: Listener[] = [];

const listen = async (...args: Parameters<typeof Listener.open>): Promise<Listener> => {
  const listener = await Listener.open(...args);
  listeners.push(listener);
  return listener;
};

const send = async (text: string): Promise<string> =>
  (await admin.post<{ id: string }>('/v1/messages', { to: '+12025550110', text })).body.id;

const untilRead = (id: string): Promise<unknown> =>
  eventually(async () => (await admin.get<{ status: string }>(`/v1/messages/${id}`)).body.status === 'READ');

const aboutMessages = ({ told }: Listener): readonly string[] =>
  told.map(({ type, data }) => `${type} ${data.messageId ?? ''}`).filter((line) => line.includes('msg_'));

beforeAll(async () => {
  ({ app, admin, query } = await createLinkedApp());
});

afterEach(() => {
  for (const listener of listeners.splice(0)) listener.close();
});

afterAll(() => app.close());

describe('GET /v1/events (e2e)', () => {
  it('tells what happens from now on, in the order of the journal, whole', async () => {
    const before = await send('before');
    await untilRead(before);
    const listener = await listen(admin);
    const id = await send('now');
    await untilRead(id);
    await eventually(() => listener.told.filter(({ data }) => data.messageId === id).length === 3);
    expect(aboutMessages(listener)).toEqual([
      `whatsapp.message_sent ${id}`,
      `whatsapp.message_ack ${id}`,
      `whatsapp.message_ack ${id}`,
    ]);
    const [stored] = await query<{ id: string }>('SELECT id FROM event WHERE id = $1', [listener.told[0]?.id]);
    expect(stored?.id).toBe(listener.told[0]?.id);
    expect(listener.told[0]).toMatchObject({ sessionId: 'default', type: 'whatsapp.message_sent' });
  });

  it('goes on behind the last event that came, and repeats none', async () => {
    const first = await listen(admin);
    await untilRead(await send('one'));
    await eventually(() => first.told.length >= 3);
    const last = first.told[1];
    first.close();
    const missed = await send('two');
    await untilRead(missed);
    for (const again of [
      await listen(admin, '', { 'last-event-id': last?.id ?? '' }),
      await listen(admin, `?lastEventId=${last?.id ?? ''}`),
    ]) {
      await eventually(() => again.told.filter(({ data }) => data.messageId === missed).length === 3);
      const ids = again.told.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids[0]).toBe(first.told[2]?.id);
    }
    const rows = await query<{ id: string }>('SELECT id FROM event WHERE id = $1', [last?.id]);
    expect(rows).toHaveLength(1);
  });

  it('tells of the wanted events and sessions only', async () => {
    const acks = await listen(admin, '?types=whatsapp.message_ack&sessionId=default');
    const all = await listen(admin);
    await untilRead(await send('some'));
    await eventually(() => all.told.length >= 3 && acks.told.length >= 2);
    expect(new Set(acks.told.map(({ type }) => type))).toEqual(new Set(['whatsapp.message_ack']));
  });

  it('refuses what is no event, an event that is gone, and a session that is not theirs', async () => {
    const refusals: readonly (readonly [string, number, string])[] = [
      ['?types=A%20B', 400, 'invalid-request'],
      ['?lastEventId=latest', 400, 'invalid-request'],
      ['?lastEventId=evt_00000000000000000000000000', 410, 'event-gone'],
      ['?sessionId=nobody', 404, 'session-not-found'],
    ];
    for (const [path, status, code] of refusals) {
      expect(await admin.get(`/v1/events${path}`)).toMatchObject({ status, body: { code } });
    }
  });

  it('A2 tells nobody of a session that they were not granted, also while the stream lasts', async () => {
    const stranger = (await app.addPerson('OPERATOR', [])).client;
    const colleague = (await app.addPerson('OPERATOR')).client;
    const deaf = await listen(stranger);
    const heard = await listen(colleague);
    await untilRead(await send('for some'));
    await eventually(() => heard.told.length >= 3);
    expect(deaf.told).toEqual([]);
    expect((await stranger.get('/v1/events?sessionId=default')).status).toBe(404);
  });

  it('T8 ends within five seconds when its key is revoked', async () => {
    const scopes = ['sessions:read', 'messages:read'];
    const made = await admin.post<{ id: string; key: string }>('/v1/api-keys', {
      ...{ name: 'stream', scopes, sessionIds: ['default'] },
    });
    expect(made.status).toBe(201);
    const listener = await listen(app.client.with({ 'x-api-key': made.body.key }));
    await untilRead(await send('to the key'));
    await eventually(() => listener.told.length >= 3);
    expect((await admin.delete(`/v1/api-keys/${made.body.id}`)).status).toBeLessThan(300);
    await eventually(() => listener.isClosed, 6000);
  });

  it('opens ten for each, and takes another when one is closed', async () => {
    const person = (await app.addPerson('OPERATOR')).client;
    for (let i = 0; i < 10; i += 1) await listen(person);
    expect(await person.get('/v1/events')).toMatchObject({
      status: 429,
      body: { code: 'too-many-streams', limit: 10 },
    });
    listeners.at(-1)?.close();
    await eventually(async () => {
      const answer = await listen(person).catch(() => null);
      return answer !== null;
    });
  });

  it('keeps nothing for a reader who does not read, and the others are served', async () => {
    const { port, hostname } = new URL(admin.url);
    const socket = createConnection({ port: Number(port), host: hostname });
    const { authorization = '' } = headersOf(admin);
    socket.write(`GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\n\r\n`);
    socket.pause();
    const reader = await listen(admin);
    const filler = JSON.stringify({ filler: 'x'.repeat(20_000) });
    const before = process.memoryUsage().rss;
    await query(
      `INSERT INTO event (id, name, session_id, payload)
      SELECT 'evt_' || lpad(n::text, 26, '0'), 'whatsapp.filler', 'default', $1::jsonb FROM generate_series(1, 3000) n`,
      [filler],
    );
    await eventually(() => reader.told.length >= 3000, 20_000);
    // Sixty megabytes went by; a reader that stands still holds a few events of them.
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
    socket.destroy();
  });
});
