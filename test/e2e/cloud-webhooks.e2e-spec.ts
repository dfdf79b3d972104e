import { createHmac } from 'node:crypto';

import {
  CloudApp,
  CREDENTIALS,
  notification,
  NUMBER,
  SESSION,
  signatureOf,
  statusUpdate,
  textMessage,
} from '../support/cloud-app.js';
import { eventually } from '../support/eventually.js';

const OTHER = {
  phoneNumberId: '300000000000002',
  accountId: '200000000000002',
  accessToken: 'EAAG-token-of-another-tenant',
  appSecret: 'secret-of-another-tenant',
  verifyToken: 'verify-token-of-another',
};

let cloud: CloudApp;

beforeAll(async () => {
  cloud = await CloudApp.linked();
  await cloud.addSession('other', OTHER);
});
afterAll(() => cloud.close());

interface Row {
  readonly id: string;
  readonly text: string | null;
  readonly session_id: string;
}

let numbered = 0;
const newId = (): string => `wamid.test-${String((numbered += 1))}`;

const rowsOf = (providerMessageId: string): Promise<readonly Row[]> =>
  cloud.app.query<Row>('SELECT id, text, session_id FROM message WHERE provider_message_id = $1', [providerMessageId]);

const updatesLike = (text: string): Promise<readonly { readonly kind: string; readonly is_pending: boolean }[]> =>
  cloud.app.query('SELECT kind, is_pending FROM cloud_update WHERE body::text LIKE $1 OR key LIKE $1', [`%${text}%`]);

const untilReceived = (id: string): Promise<unknown> => eventually(async () => (await rowsOf(id)).length === 1);

const pending = (): Promise<readonly unknown[]> =>
  cloud.app.query('SELECT 1 FROM cloud_update WHERE is_pending AND phone_number_id = $1', [NUMBER.id]);

const eventsOf = (messageId: string): Promise<readonly unknown[]> =>
  cloud.app.query(`SELECT 1 FROM event WHERE name = 'whatsapp.message_create' AND payload->>'messageId' = $1`, [
    messageId,
  ]);

describe('the handshake of a webhook', () => {
  const ask = (
    query: Record<string, string>,
    path = '/webhook',
  ): Promise<{ status: number; text: string; headers: Headers }> =>
    cloud.app.client.get(`${path}?${new URLSearchParams(query).toString()}`);
  const right = {
    'hub.mode': 'subscribe',
    'hub.verify_token': CREDENTIALS.verifyToken,
    'hub.challenge': '1158201444',
  };

  it.each(['/webhook', `/webhook/${SESSION}`])('gives the challenge back as it is: %s', async (path) => {
    const answer = await ask(right, path);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('1158201444');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  it('M4 a challenge that is a script stays text', async () => {
    const answer = await ask({ ...right, 'hub.challenge': '<script>alert(1)</script>' });
    expect(answer.text).toBe('<script>alert(1)</script>');
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['a wrong token', { ...right, 'hub.verify_token': 'wrong' }],
    ['no token', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
    ['no challenge', { 'hub.mode': 'subscribe', 'hub.verify_token': CREDENTIALS.verifyToken }],
    ['another mode', { ...right, 'hub.mode': 'unsubscribe' }],
  ])('M4 answers 403 to %s', async (_name, query) => {
    expect((await ask(query)).status).toBe(403);
  });

  it('M4 answers 403 to the token of another session', async () => {
    expect((await ask(right, '/webhook/other')).status).toBe(403);
    expect((await ask(right, '/webhook/no-such')).status).toBe(403);
  });
});

describe('the signature of a webhook', () => {
  const body = (id: string): string => notification({ messages: [textMessage(id, 'signed?')] });
  const hex = (bytes: string): string => signatureOf(bytes).slice('sha256='.length);

  it.each([
    ['none', (): string => ''],
    ['a wrong one', (bytes: string): string => `sha256=${hex(`${bytes} `)}`],
    ['half of it', (bytes: string): string => signatureOf(bytes).slice(0, 40)],
    [
      'sha1',
      (bytes: string): string => `sha1=${createHmac('sha1', CREDENTIALS.appSecret).update(bytes).digest('hex')}`,
    ],
    ['upper case', (bytes: string): string => `sha256=${hex(bytes).toUpperCase()}`],
    ['twice', (bytes: string): string => `${signatureOf(bytes)}, ${signatureOf(bytes)}`],
    ['the verify token as secret', (bytes: string): string => signatureOf(bytes, CREDENTIALS.verifyToken)],
  ])('M1 %s is answered 401, and nothing is stored', async (_name, sign) => {
    const id = newId();
    const answer = await cloud.tell(body(id), { 'x-hub-signature-256': sign(body(id)) });
    expect(answer.status).toBe(401);
    expect(await updatesLike(id)).toEqual([]);
  });

  it('M1 the right signature of a body that was written anew is answered 401', async () => {
    const id = newId();
    const bytes = notification({ messages: [textMessage(id, 'a/b')] }).replace('a/b', 'a\\/b');
    const answer = await cloud.tell(JSON.stringify(JSON.parse(bytes)), { 'x-hub-signature-256': signatureOf(bytes) });
    expect(answer.status).toBe(401);
    expect(await updatesLike(id)).toEqual([]);
  });

  it('M2 a body with emoji and escapes is verified as it came', async () => {
    const id = newId();
    const text = 'Olá 👩‍👩‍👧‍👦 <a@b> 100% /x';
    const written = JSON.stringify(text).replace(
      /[^\x20-\x7e]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const bytes = notification({ messages: [textMessage(id, 'TEXT')] }).replace('"TEXT"', written.replace('/', '\\/'));
    const answer = await cloud.tell(bytes);
    expect([answer.status, answer.text]).toEqual([200, '']);
    await untilReceived(id);
    expect((await rowsOf(id))[0]?.text).toBe(text);
  });

  it('M3 the app of another tenant signs for its own numbers alone', async () => {
    const id = newId();
    const bytes = body(id);
    expect(
      (await cloud.tell(bytes, { 'x-hub-signature-256': signatureOf(bytes, OTHER.appSecret) }, `/webhook/${SESSION}`))
        .status,
    ).toBe(401);
    // At the common address it is verified as that tenant's, and reaches nobody.
    const common = await cloud.tell(bytes, { 'x-hub-signature-256': signatureOf(bytes, OTHER.appSecret) });
    expect(common.status).toBe(200);
    expect(await updatesLike(id)).toMatchObject([{ is_pending: false }]);
    // And it does not stand in the way of the true one.
    expect((await cloud.tell(bytes)).status).toBe(200);
    await untilReceived(id);
    expect((await rowsOf(id))[0]?.session_id).toBe(SESSION);
  });
});

describe('what a webhook tells', () => {
  it('M5 the same body 100 times at once is one message and one event', async () => {
    const id = newId();
    const bytes = notification({ messages: [textMessage(id, 'once')] });
    const answers = await Promise.all(Array.from({ length: 100 }, () => cloud.tell(bytes)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await untilReceived(id);
    await eventually(async () => (await updatesLike(id)).every(({ is_pending: isPending }) => !isPending));
    const [message, ...others] = await rowsOf(id);
    expect(others).toEqual([]);
    expect(await eventsOf(message?.id ?? '')).toHaveLength(1);
  });

  it('M6 statuses in whatever order lead to the same end', async () => {
    await cloud.control('PUT', 'script', { steps: [{ status: 'sent', after_ms: 5 }] });
    await cloud.openWindow();
    const names = ['sent', 'delivered', 'read'];
    const orders = names
      .flatMap((a) => names.flatMap((b) => names.map((c) => [a, b, c])))
      .filter((o) => new Set(o).size === 3);
    const ids = await Promise.all(orders.map((order) => cloud.send({ text: `M6 ${order.join(' ')}` })));
    for (const [index, order] of orders.entries()) {
      const id = ids[index] ?? '';
      await cloud.untilMessage(id, 'SENT');
      const [row] = await cloud.app.query<{ id: string }>(
        'SELECT provider_message_id AS id FROM message WHERE id = $1',
        [id],
      );
      for (const status of order) await cloud.tell(notification({ statuses: [statusUpdate(row?.id ?? '', status)] }));
    }
    for (const id of ids) await cloud.untilMessage(id, 'READ');
    // What comes late takes nothing back.
    await eventually(async () => (await pending()).length === 0);
    for (const id of ids) expect((await cloud.detail(id)).status).toBe('READ');
    await cloud.control('PUT', 'script', {});
  });

  it('M7 of 1,000 updates one malformed is put aside, and the others are there', async () => {
    const ids = Array.from({ length: 1000 }, newId);
    const messages = ids.map((id, index) =>
      index === 500 ? { id: { not: 'a text' }, mark: 'M7-broken' } : textMessage(id, 'many'),
    );
    expect((await cloud.tell(notification({ messages }))).status).toBe(200);
    await eventually(async () => {
      const query = `SELECT count(*)::int AS count FROM message WHERE text = 'many'`;
      return (await cloud.app.query<{ count: number }>(query))[0]?.count === 999;
    });
    expect(await updatesLike('M7-broken')).toEqual([{ kind: 'malformed', is_pending: false }]);
  });

  it('M8 a status of a message that is not ours is kept and harms nothing', async () => {
    const id = newId();
    expect((await cloud.tell(notification({ statuses: [statusUpdate(id, 'delivered')] }))).status).toBe(200);
    const parked = (): Promise<readonly unknown[]> =>
      cloud.app.query('SELECT 1 FROM parked_ack WHERE provider_message_id = $1', [id]);
    await eventually(async () => (await parked()).length === 1);
  });

  it('M8 nobody settles a message of ours by naming it in a status of another number', async () => {
    await cloud.control('PUT', 'behaviour', { webhook: { isPaused: true } });
    await cloud.control('POST', 'faults', { operation: 'messages', kind: 'cut-before', times: 1 });
    const id = await cloud.send({ text: 'not yours' });
    await cloud.untilMessage(id, 'UNCERTAIN');
    const forged = statusUpdate(newId(), 'read', { biz_opaque_callback_data: `${id}:1` });
    const bytes = notification({ statuses: [forged] }, OTHER.phoneNumberId);
    await cloud.tell(bytes, { 'x-hub-signature-256': signatureOf(bytes, OTHER.appSecret) });
    await cloud.tell(notification({ statuses: [{ ...forged, biz_opaque_callback_data: `${id}:7` }] }));
    await eventually(async () => (await cloud.app.query('SELECT 1 FROM parked_ack')).length > 0);
    expect((await cloud.detail(id)).status).toBe('UNCERTAIN');
    await cloud.control('PUT', 'behaviour', { webhook: { isPaused: false } });
  });

  it.each([
    [
      'a field that nobody knows',
      { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'M10-news', value: { a: 1 } }] }] },
      'M10-news',
    ],
    [
      'a type that nobody knows',
      JSON.parse(notification({ messages: [{ ...textMessage('wamid.M10-type', ''), type: 'hologram' }] })) as object,
      'wamid.M10-type',
    ],
    ['another object', { object: 'M10-page', entry: [] }, 'M10-page'],
    ['texts that cannot be kept', { object: 'M10-zero', entry: '\0 \ud800' }, 'M10-zero'],
    ['a list', ['M10-list'], 'M10-list'],
  ])('M10 %s is stored and answered 200', async (_name, body, mark) => {
    expect((await cloud.tell(JSON.stringify(body))).status).toBe(200);
    expect(await updatesLike(mark)).toHaveLength(1);
  });

  it.each(['no JSON at all', '', '['.repeat(100_000)])(
    'M10 what is no JSON is answered 200 when it is signed',
    async (bytes) => {
      expect((await cloud.tell(bytes)).status).toBe(200);
    },
  );

  it('hands on what came while the session was closed', async () => {
    const id = newId();
    await cloud.stop();
    expect((await cloud.tell(notification({ messages: [textMessage(id, 'while away')] }))).status).toBe(200);
    expect(await rowsOf(id)).toEqual([]);
    await cloud.start();
    await untilReceived(id);
    await cloud.untilStatus('READY');
  });

  it.each([
    ['eight days old', -8 * 86_400],
    ['in the future', 3_600],
  ])('M12 a message whose time is %s is accepted', async (_name, bySeconds) => {
    const id = newId();
    const at = Math.floor(Date.now() / 1000) + bySeconds;
    const message = { ...textMessage(id, 'another time'), timestamp: String(at) };
    expect((await cloud.tell(notification({ messages: [message] }))).status).toBe(200);
    await untilReceived(id);
  });

  it('M5 what was worked and comes again changes nothing', async () => {
    const id = newId();
    const bytes = notification({ messages: [textMessage(id, 'again')] });
    const isWorked = async (): Promise<boolean> => (await pending()).length === 0;
    for (let time = 0; time < 3; time += 1) {
      expect((await cloud.tell(bytes)).status).toBe(200);
      await eventually(isWorked);
    }
    const [message, ...others] = await rowsOf(id);
    expect(others).toEqual([]);
    expect(await eventsOf(message?.id ?? '')).toHaveLength(1);
  });
});
