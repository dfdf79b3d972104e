import { eventually, eventuallyPasses } from '../support/eventually.js';
import type { Answer, HttpClient } from '../support/http-client.js';
import { findViolations, type Query } from '../support/invariants.js';
import { createLinkedApp } from '../support/linked-app.js';
import type { TestApp } from '../support/test-app.js';

interface Accepted {
  readonly id: string;
  readonly status: string;
  readonly estimatedSendAt: string;
  readonly code?: string;
}

interface Detail {
  readonly id: string;
  readonly status: string;
  readonly text: string;
  readonly error?: { readonly code: string };
  readonly timeline: readonly { readonly status: string; readonly reason?: string; readonly attempt?: number }[];
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

const send = (body: object, headers: Record<string, string> = {}, path = '/v1/messages'): Promise<Answer<Accepted>> =>
  admin.post<Accepted>(path, { to: TO, text: 'hello', ...body }, headers);

const detailOf = async (id: string): Promise<Detail> => (await admin.get<Detail>(`/v1/messages/${id}`)).body;

const arrivalsOf = async (id: string): Promise<number> =>
  (await query('SELECT 1 FROM sandbox_arrival WHERE message_id = $1', [id])).length;

const countOf = async (text: string): Promise<number> =>
  (await query('SELECT 1 FROM message WHERE text = $1', [text])).length;

describe('POST /v1/messages', () => {
  it('answers 202 with the fields of the contract, and it is on disk', async () => {
    const { status, body } = await send({ text: 'contract' });
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.stringMatching(/^msg_/),
      status: 'QUEUED',
      sessionId: 'default',
      to: TO,
      estimatedSendAt: expect.stringMatching(/^\d{4}-.*Z$/),
      delayMs: 0,
    });
    expect(await countOf('contract')).toBe(1);
  });

  it('?wait=sent answers 200 when it has been sent', async () => {
    const { status, body } = await send({}, {}, '/v1/messages?wait=sent');
    expect(status).toBe(200);
    expect(['SENT', 'DELIVERED', 'READ']).toContain(body.status);
    expect(await arrivalsOf(body.id)).toBe(1);
  });

  it('?wait=sent says of no message that it was sent when it was not', async () => {
    const failed = await send({ to: '+12025550122' }, {}, '/v1/messages?wait=sent');
    expect(failed).toMatchObject({
      status: 422,
      body: { code: 'message-send-failed', reason: 'blocked-by-recipient' },
    });
    const uncertain = await send({ to: '+12025550131' }, {}, '/v1/messages?wait=sent');
    expect(uncertain).toMatchObject({ status: 202, body: { status: 'UNCERTAIN' } });
  });

  it.each([
    ['emoji of several characters', '👩‍👩‍👧‍👦 🏳️‍🌈 🇧🇷'],
    ['every plane', '\u{1F600}\u{20000}\u{E0001}ñ漢'],
    ['right-to-left marks and zero widths', 'a\u202Eb\u200Bc\u2066d\u2069'],
    ['many combining marks', `e${'\u0301'.repeat(2000)}`],
    ['line breaks, quotes and backslashes', 'a\nb\t"c" \\u0041 \\ \r\n'],
    ['4,096 characters', 'x'.repeat(4096)],
    ['4,096 emoji', '😀'.repeat(4096)],
  ])('I7 keeps %s byte for byte, on the way out and in the log', async (_name, text) => {
    const { status, body } = await send({ text });
    expect(status).toBe(202);
    expect((await detailOf(body.id)).text).toBe(text);
    await eventually(async () => (await arrivalsOf(body.id)) === 1);
    const [arrival] = await query<{ text: string }>('SELECT text FROM sandbox_arrival WHERE message_id = $1', [
      body.id,
    ]);
    expect(Buffer.from(arrival?.text ?? '').equals(Buffer.from(text))).toBe(true);
  });

  it.each([
    ['4,097 characters', JSON.stringify({ to: TO, text: 'y'.repeat(4097) })],
    ['nothing', JSON.stringify({ to: TO, text: '' })],
    ['U+0000', '{"to":"+12025550110","text":"a\\u0000b"}'],
    ['half of a surrogate pair', '{"to":"+12025550110","text":"a\\ud800b"}'],
    ['the other half', '{"to":"+12025550110","text":"\\udc00"}'],
  ])('I7 refuses a text of %s and stores nothing', async (_name, rawBody) => {
    const before = await query('SELECT 1 FROM message');
    const answer = await admin.call('/v1/messages', {
      ...{ method: 'POST', rawBody, headers: { 'content-type': 'application/json' } },
    });
    expect(answer.status).toBe(400);
    expect(await query('SELECT 1 FROM message')).toHaveLength(before.length);
  });
});

describe('Idempotency-Key of a send', () => {
  it('F2 the same key and body give the same answer, 100 times at once, and one row', async () => {
    const body = { text: 'F2 at once' };
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(body, { 'idempotency-key': 'F2-1' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(99);
    expect(await countOf('F2 at once')).toBe(1);
    const id = answers[0]?.body.id ?? '';
    await eventually(async () => (await detailOf(id)).status === 'READ');
    expect(await arrivalsOf(id)).toBe(1);
    expect(await query("SELECT 1 FROM audit_entry WHERE action = 'messages.send' AND target = $1", [id])).toHaveLength(
      1,
    );
  });

  it('F2 the same key with another body is refused, also at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        send({ text: `F2 ${String(index % 2)}` }, { 'idempotency-key': 'F2-2' }),
      ),
    );
    const ok = answers.filter(({ status }) => status === 202);
    expect(ok).toHaveLength(10);
    expect(new Set(ok.map(({ body }) => body.id)).size).toBe(1);
    for (const { status, body } of answers.filter((answer) => !ok.includes(answer))) {
      expect([status, body.code]).toEqual([422, 'idempotency-key-reused']);
    }
  });

  it('F3 a client that dies before it reads the 202 repeats without a second message', async () => {
    const headers = { 'idempotency-key': 'F3-1' };
    for (let tries = 0; tries < 5; tries += 1) {
      const dying = new AbortController();
      const asking = fetch(`${app.url}/v1/messages`, {
        method: 'POST',
        headers: {
          ...{ 'content-type': 'application/json', ...headers },
          authorization: `Bearer ${(await app.person('ADMIN')).accessToken}`,
        },
        body: JSON.stringify({ to: TO, text: 'F3' }),
        signal: dying.signal,
      }).catch(() => null);
      setTimeout(() => {
        dying.abort();
      }, tries);
      await asking;
    }
    const answer = await send({ text: 'F3' }, headers);
    expect(answer.status).toBe(202);
    await eventually(async () => (await detailOf(answer.body.id)).status === 'READ');
    expect(await countOf('F3')).toBe(1);
    expect(await arrivalsOf(answer.body.id)).toBe(1);
  });

  it('a key belongs to one person and to one route', async () => {
    const operator = await app.as('OPERATOR');
    const headers = { 'idempotency-key': 'mine' };
    const mine = await send({ text: 'scope' }, headers);
    const theirs = await operator.post<Accepted>('/v1/messages', { to: TO, text: 'scope' }, headers);
    expect(theirs.body.id).not.toBe(mine.body.id);
    const other = await admin.post('/whatsapp/send', { phone: TO, message: 'scope' }, headers);
    expect([other.status, other.headers.get('idempotency-replayed')]).toEqual([200, null]);
    const again = await admin.post('/whatsapp/send', { phone: TO, message: 'scope' }, headers);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(await countOf('scope')).toBe(3);
  });

  it('two requests that wait for one message are both answered when it has been sent', async () => {
    const headers = { 'idempotency-key': 'both' };
    const both = await Promise.all([1, 2].map(() => send({ text: 'both' }, headers, '/v1/messages?wait=sent')));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(both[0]?.body.id).toBe(both[1]?.body.id);
  });
});

describe('the recipients of the sandbox', () => {
  const until = async (id: string, status: string): Promise<Detail> => {
    await eventuallyPasses(async () => {
      expect((await detailOf(id)).status).toBe(status);
    });
    return detailOf(id);
  };

  it.each([
    ['+12025550101', 'DELIVERED', ['QUEUED', 'SENDING', 'SENT', 'DELIVERED']],
    ['+12025550110', 'READ', ['QUEUED', 'SENDING', 'SENT', 'DELIVERED', 'READ']],
    ['+5511987654399', 'READ', ['QUEUED', 'SENDING', 'SENT', 'DELIVERED', 'READ']],
    ['+12025550120', 'FAILED', ['QUEUED', 'SENDING', 'FAILED']],
    ['+12025550122', 'FAILED', ['QUEUED', 'SENDING', 'FAILED']],
    ['+12025550131', 'UNCERTAIN', ['QUEUED', 'SENDING', 'UNCERTAIN']],
    ['+12025550121', 'SENT', ['QUEUED', 'SENDING', 'QUEUED', 'SENDING', 'SENT']],
  ])('%s ends at %s', async (to, status, timeline) => {
    const { body } = await send({ to });
    const detail = await until(body.id, status);
    expect(detail.timeline.map((entry) => entry.status)).toEqual(timeline);
  });

  it('+12025550120 says why: the number is not on WhatsApp', async () => {
    const { body } = await send({ to: '+12025550120' });
    expect((await until(body.id, 'FAILED')).error).toMatchObject({ code: 'not-on-whatsapp' });
    expect(await arrivalsOf(body.id)).toBe(0);
  });

  it('+12025550140 is limited until its tries are used up, and nothing has left', async () => {
    const { body } = await send({ to: '+12025550140' });
    const { error, timeline } = await until(body.id, 'FAILED');
    expect(error).toMatchObject({ code: 'limited' });
    expect(timeline.filter(({ status }) => status === 'SENDING')).toHaveLength(5);
    expect(await arrivalsOf(body.id)).toBe(0);
  });

  it.each([
    ['+12025550150', 'YES'],
    ['+12025550151', 'STOP'],
  ])('%s answers %s, which is stored once and told', async (to, reply) => {
    await send({ to, text: 'do you?' });
    const [message] = await eventually(async () => {
      const rows = await query<{ id: string; status: string; sender: string }>(
        "SELECT id, status, sender FROM message WHERE direction = 'INBOUND' AND sender = $1 AND text = $2",
        [to, reply],
      );
      return rows.length > 0 ? rows : null;
    });
    expect(message).toMatchObject({ status: 'RECEIVED', sender: to });
    const events = await query(
      "SELECT 1 FROM event WHERE name = 'whatsapp.message_create' AND payload->>'messageId' = $1",
      [message?.id],
    );
    expect(events).toHaveLength(1);
  });

  it.each([
    ['hold', 'UNCERTAIN', 1],
    ['drop', 'FAILED', 1],
    ['retry', 'UNCERTAIN', 5],
  ])('what happens when nobody knows is the choice of the sender: %s', async (onUncertain, status, arrivals) => {
    const { body } = await send({ to: '+12025550131', onUncertain });
    await eventuallyPasses(async () => {
      const detail = await detailOf(body.id);
      expect(detail.status).toBe(status);
      expect(detail.timeline.filter((entry) => entry.status === 'SENDING')).toHaveLength(arrivals);
    });
    expect(await arrivalsOf(body.id)).toBe(arrivals);
  });

  it('a message that waits holds back only its own recipient', async () => {
    const first = await send({ to: '+12025550140', text: 'waits' });
    const behind = await send({ to: '+12025550140', text: 'behind' });
    const other = await send({ to: '+12025550101', text: 'passes' });
    await until(other.body.id, 'DELIVERED');
    expect((await detailOf(behind.body.id)).timeline.map(({ status }) => status)).toEqual(['QUEUED']);
    await until(first.body.id, 'FAILED');
    await until(behind.body.id, 'FAILED');
  });
});
