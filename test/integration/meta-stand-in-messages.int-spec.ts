import { errorOf, idOf, MetaBench, PERSON } from '../support/meta-bench.js';

type Json = Record<string, unknown>;

const BODY = { text: 'Which?' };
const text = (length: number): string => 'x'.repeat(length);
const interactive = (type: string, action: Json, more: Json = {}): Json => ({
  type: 'interactive',
  interactive: { type, body: BODY, action, ...more },
});
const replies = (...titles: readonly string[]): Json => ({
  buttons: titles.map((title, at) => ({ type: 'reply', reply: { id: `b${String(at)}`, title } })),
});
const list = (rows: number, more: Json = {}): Json => ({
  button: 'Choose',
  sections: [{ rows: Array.from({ length: rows }, (_, at) => ({ id: `r${String(at)}`, title: 'Row', ...more })) }],
});

const TAKEN: readonly (readonly [name: string, content: Json])[] = [
  ['text', { type: 'text', text: { body: text(4096), preview_url: true } }],
  ['text without a type', { text: { body: 'x' } }],
  ['reply', { type: 'text', text: { body: 'x' }, context: { message_id: 'wamid.x' } }],
  ['image by link', { type: 'image', image: { link: 'https://example.com/a.jpg', caption: text(1024) } }],
  ['document by link', { type: 'document', document: { link: 'https://example.com/a.pdf', filename: 'a.pdf' } }],
  ['audio by link', { type: 'audio', audio: { link: 'https://example.com/a.ogg', voice: true } }],
  ['location', { type: 'location', location: { latitude: 1.5, longitude: '2.5', name: 'x', address: 'y' } }],
  [
    'contacts',
    { type: 'contacts', contacts: [{ name: { formatted_name: 'A B', first_name: 'A' }, birthday: '2000-01-31' }] },
  ],
  ['reaction', { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍🏽' } }],
  ['reaction taken back', { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '' } }],
  [
    'buttons',
    interactive('button', replies('A', 'B', 'C'), {
      header: { type: 'text', text: text(60) },
      footer: { text: text(60) },
    }),
  ],
  ['list', interactive('list', list(10))],
  [
    'link button',
    interactive('cta_url', { name: 'cta_url', parameters: { display_text: 'Go', url: 'https://example.com' } }),
  ],
  [
    'flow',
    interactive('flow', { name: 'flow', parameters: { flow_message_version: '3', flow_id: '1', flow_cta: 'Book' } }),
  ],
  ['location request', interactive('location_request_message', { name: 'send_location' })],
  ['carousel', interactive('carousel', { cards: [{ card_index: 0 }, { card_index: 1 }] })],
];

const REFUSED: readonly (readonly [name: string, code: number, content: Json])[] = [
  ['text too long', 100, { type: 'text', text: { body: text(4097) } }],
  ['text missing', 100, { type: 'text' }],
  ['unknown type', 131051, { type: 'poll', poll: {} }],
  ['caption too long', 131009, { type: 'image', image: { link: 'https://example.com', caption: text(1025) } }],
  ['caption on audio', 100, { type: 'audio', audio: { link: 'https://example.com', caption: 'x' } }],
  ['neither id nor link', 131008, { type: 'video', video: {} }],
  ['link that is none', 131009, { type: 'video', video: { link: 'ftp://example.com' } }],
  ['latitude beyond the pole', 131009, { type: 'location', location: { latitude: 91, longitude: 0 } }],
  ['contacts, too many', 131009, { type: 'contacts', contacts: Array.from({ length: 258 }, () => ({})) }],
  ['contact without a name', 131008, { type: 'contacts', contacts: [{ name: { formatted_name: 'x' } }] }],
  ['reaction by a word', 131009, { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: 'yes' } }],
  [
    'reaction as a reply',
    100,
    { type: 'reaction', reaction: { message_id: 'x', emoji: '👍' }, context: { message_id: 'x' } },
  ],
  ['four buttons', 131009, interactive('button', replies('A', 'B', 'C', 'D'))],
  ['equal titles', 131009, interactive('button', replies('A', 'A'))],
  ['title too long', 131009, interactive('button', replies(text(21)))],
  ['eleven rows', 131009, interactive('list', list(11))],
  ['row title too long', 131009, interactive('list', list(1, { title: text(25) }))],
  ['row description too long', 131009, interactive('list', list(1, { description: text(73) }))],
  ['list with an image', 131009, interactive('list', list(1), { header: { type: 'image' } })],
  ['one card', 131009, interactive('carousel', { cards: [{}] })],
  ['flow without an id', 131008, interactive('flow', { parameters: { flow_message_version: '3', flow_cta: 'x' } })],
  ['no action', 131008, { type: 'interactive', interactive: { type: 'button', body: BODY } }],
  ['opaque data too long', 100, { type: 'text', text: { body: 'x' }, biz_opaque_callback_data: text(513) }],
];

describe('messages at the stand-in for Meta', () => {
  let bench: MetaBench;

  beforeAll(async () => {
    bench = await MetaBench.open();
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  const failureOf = async (content: Json, to?: string): Promise<unknown> => {
    const reply = await bench.send(content, to);
    expect(reply.status).toBe(200);
    await bench.settle();
    const [status] = bench.callback.statuses(idOf(reply)) as readonly { readonly errors?: readonly Json[] }[];
    return status?.errors?.[0]?.['code'];
  };

  it.each(TAKEN)('takes %s', async (_name, content) => {
    await bench.openWindow();
    const reply = await bench.send(content);
    expect(reply.body).toMatchObject({ messages: [{ id: expect.stringMatching(/^wamid\./) }] });
  });

  it.each(REFUSED)('refuses %s with %i', async (_name, code, content) => {
    const reply = await bench.send(content);
    expect(reply.status).toBe(400);
    expect(errorOf(reply)['code']).toBe(code);
    expect(await bench.control('GET', 'arrivals')).toMatchObject({ total: 0 });
  });

  it('refuses recipients that are none, the sender itself, and groups', async () => {
    const codes = [];
    for (const to of ['12', 'call me', '+1 (555) 010-0001', '1'.repeat(16)]) {
      codes.push(errorOf(await bench.send({ type: 'text', text: { body: 'x' } }, to))['code']);
    }
    expect(codes).toEqual([131009, 131009, 131021, 131009]);
    const group = await bench.sendText('x', { recipient_type: 'group' });
    expect(errorOf(group)['code']).toBe(131041);
  });

  it('refuses what is not on the list of a test number', async () => {
    await bench.control('PUT', 'behaviour', { isAllowListEnforced: true });
    expect(errorOf(await bench.sendText('x'))['code']).toBe(131030);
    await bench.control('PUT', 'allowed-recipients', { phones: [`+${PERSON}`] });
    expect((await bench.sendText('x')).status).toBe(200);
  });

  it('sends to a business-scoped id, and shows no phone number then', async () => {
    const contact = await bench.control('PUT', `contacts/${PERSON}`, {
      user_id: 'US.42',
      phone_hidden: true,
      window: 'open',
    });
    expect(contact).toMatchObject({ userId: 'US.42', window: 'open' });
    const reply = await bench.graph('POST', `${bench.numberId}/messages`, {
      messaging_product: 'whatsapp',
      recipient: 'US.42',
      type: 'text',
      text: { body: 'x' },
    });
    expect(reply.body['contacts']).toEqual([{ input: 'US.42', user_id: 'US.42' }]);
    await bench.settle();
    const [status] = bench.callback.statuses();
    expect(status).toMatchObject({ recipient_user_id: 'US.42' });
    expect(status).not.toHaveProperty('recipient_id');
    expect(await failureOf({ recipient: 'US.43', type: 'text', text: { body: 'x' } }, '')).toBe(131026);
  });

  it.each([
    ['is not on WhatsApp', { registered: false }, 131026],
    ['is blocked', { blocked: true }, 130403],
  ])('fails later for who %s', async (_name, change, code) => {
    await bench.control('PUT', `contacts/${PERSON}`, { ...change, window: 'open' });
    expect(await failureOf({ type: 'text', text: { body: 'x' } })).toBe(code);
  });

  it('fails later when the identity of the person is another', async () => {
    await bench.control('PUT', `contacts/${PERSON}`, { identity_hash: 'new', window: 'open' });
    expect(await failureOf({ type: 'text', text: { body: 'x' }, recipient_identity_key_hash: 'old' })).toBe(137000);
  });

  it('keeps the window of 24 hours since the person wrote', async () => {
    await bench.openWindow();
    await bench.control('POST', 'clock', { advance_ms: 86_390_000 });
    expect(await failureOf({ type: 'text', text: { body: 'x' } })).toBeUndefined();
    await bench.control('POST', 'clock', { advance_ms: 10_001 });
    expect(await failureOf({ type: 'text', text: { body: 'x' } })).toBe(131047);
    await bench.control('PUT', 'behaviour', { isWindowEnforced: false });
    expect(await failureOf({ type: 'text', text: { body: 'x' } })).toBeUndefined();
  });

  it.each([
    ['+55 51 98000-1234', '555180001234'],
    ['+55 11 98000-1234', '5511980001234'],
    ['+52 55 5000 1234', '5215550001234'],
    ['+54 11 5000 1234', '5491150001234'],
  ])('knows %s as %s, whoever writes first', async (dialled, known) => {
    await bench.control('POST', 'inbound', { from: dialled });
    const reply = await bench.send({ type: 'text', text: { body: 'x' } }, dialled);
    expect(reply.body['contacts']).toEqual([{ input: dialled, wa_id: known }]);
    await bench.settle();
    expect(bench.callback.messages()).toMatchObject([{ from: known }]);
    expect(bench.callback.statuses().map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
  });

  it('only sends reactions, and fails those on old messages', async () => {
    await bench.openWindow();
    const message = idOf(await bench.sendText('x'));
    const react = (target: string): Json => ({ type: 'reaction', reaction: { message_id: target, emoji: '👍' } });
    const reaction = await bench.send(react(message));
    await bench.settle();
    expect(bench.callback.statuses(idOf(reaction)).map(({ status }) => status)).toEqual(['sent']);
    expect(await failureOf(react(idOf(reaction)))).toBe(131009);
    await bench.control('POST', 'clock', { advance_ms: 31 * 86_400_000 });
    await bench.openWindow();
    expect(await failureOf(react(message))).toBe(131009);
  });

  it('notes what is marked as read, and who is seen to type', async () => {
    const mark = { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.in' };
    const path = `${bench.numberId}/messages`;
    expect((await bench.graph('POST', path, mark)).body).toEqual({ success: true });
    await bench.graph('POST', path, { ...mark, typing_indicator: { type: 'text' } });
    const { data } = await bench.control('GET', 'reads');
    expect(data).toEqual(
      [false, true].map((isTyping) => ({ phoneNumberId: bench.numberId, messageId: 'wamid.in', isTyping })),
    );
    expect(errorOf(await bench.graph('POST', path, { ...mark, status: 'seen' }))['code']).toBe(100);
  });

  it('holds the pace of a pair', async () => {
    await bench.control('PUT', 'behaviour', { pairBurst: 2 });
    const codeOf = async (to: string): Promise<unknown> => {
      const reply = await bench.send({ type: 'text', text: { body: 'x' } }, to);
      return reply.status === 200 ? 0 : errorOf(reply)['code'];
    };
    const codes = [];
    for (const to of ['15550100011', '15550100011', '15550100011', '15550100012']) codes.push(await codeOf(to));
    expect(codes).toEqual([0, 0, 131056, 0]);
    await bench.control('POST', 'clock', { advance_ms: 6000 });
    expect(await codeOf('15550100011')).toBe(0);
  });

  it('holds the throughput of a number', async () => {
    await bench.control('PUT', 'behaviour', { throughputPerSecond: 3, pairEveryMs: 0 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => bench.sendText('x')));
    const refused = answers.filter(({ status }) => status === 400);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(10);
    for (const reply of refused) expect(errorOf(reply)).toMatchObject({ code: 130429, error_subcode: 2494055 });
    await bench.control('POST', 'clock', { advance_ms: 1000 });
    expect((await bench.sendText('x')).status).toBe(200);
  });

  it('refuses from a number that is not registered, or banned', async () => {
    await bench.control('PUT', `numbers/${bench.numberId}`, { status: 'DISCONNECTED' });
    expect(errorOf(await bench.sendText('x'))['code']).toBe(133010);
    await bench.control('PUT', `numbers/${bench.numberId}`, { status: 'BANNED' });
    expect(await bench.sendText('x')).toMatchObject({ status: 403, body: { error: { code: 131031 } } });
  });

  it('makes the same ids from the same seed', async () => {
    const [one, two] = [await MetaBench.open({ seed: 7 }), await MetaBench.open({ seed: 7 })];
    expect(idOf(await one.sendText('x'))).toBe(idOf(await two.sendText('x')));
    await Promise.all([one.close(), two.close()]);
  });
});
