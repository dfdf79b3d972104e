import { idOf, MetaBench, PERSON } from '../support/meta-bench.js';
import { MetaCallback } from '../support/meta-callback.js';

type Json = Record<string, unknown>;

const QUICK = { retryFirstMs: 5, retryFactor: 2, retryMaxMs: 50 };

describe('webhooks of the stand-in for Meta', () => {
  let bench: MetaBench;

  beforeAll(async () => {
    bench = await MetaBench.open();
  });
  beforeEach(async () => {
    await bench.reset();
    await bench.control('PUT', 'behaviour', { webhook: QUICK, pairEveryMs: 0 });
  });
  afterAll(() => bench.close());

  const webhook = (settings: Json): Promise<Json> => bench.control('PUT', 'behaviour', { webhook: settings });
  const receive = (more: Json = {}): Promise<Json> => bench.control('POST', 'inbound', { from: PERSON, ...more });

  it('sends the same bytes again until the answer is exactly 200', async () => {
    bench.callback.answers.push(500, 201, 302);
    await receive({ text: 'again' });
    await bench.settle();
    const { notifications } = bench.callback;
    expect(notifications).toHaveLength(4);
    expect(new Set(notifications.map(({ raw }) => raw.toString())).size).toBe(1);
    const { data, ...counts } = await bench.control('GET', 'deliveries');
    expect(counts).toMatchObject({ taken: 1, refused: 3, givenUp: 0, waiting: 0 });
    expect((data as readonly Json[]).map(({ status, attempt }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 201],
      [3, 302],
      [4, 200],
    ]);
  });

  it('gives up after the time that was set', async () => {
    await webhook({ giveUpAfterMs: 60 });
    bench.callback.answers.push(...Array.from({ length: 20 }, () => 500));
    await receive();
    await bench.settle();
    expect(await bench.control('GET', 'deliveries')).toMatchObject({ taken: 0, givenUp: 1 });
  });

  it.each([
    ['value', 1, 1, 6],
    ['change', 1, 6, 1],
    ['entry', 6, 1, 1],
  ])('gathers updates into one notification, by %s', async (shape, entries, changes, messages) => {
    await webhook({ gatherMs: 50, shape });
    await receive({ count: 6 });
    await bench.settle();
    expect(bench.callback.notifications).toHaveLength(1);
    const [{ body } = { body: {} }] = bench.callback.notifications;
    const all = (body as Json)['entry'] as readonly { readonly changes: readonly { readonly value: Json }[] }[];
    expect(all).toHaveLength(entries);
    expect(all[0]?.changes).toHaveLength(changes);
    expect(all[0]?.changes[0]?.value['messages']).toHaveLength(messages);
    expect(all[0]?.changes[0]?.value['contacts']).toHaveLength(1);
    expect(bench.callback.messages()).toHaveLength(6);
  });

  it('sends a notification on as soon as it has as many updates as it may have', async () => {
    await webhook({ gatherMs: 5000, maxUpdates: 4 });
    await receive({ count: 8 });
    await bench.settle();
    expect(bench.callback.notifications).toHaveLength(2);
  });

  it('sends twice, and in another order, when it is told to', async () => {
    await webhook({ isPaused: true, isShuffled: true, duplicateProbability: 0.3, concurrency: 1 });
    const { ids } = await receive({ count: 30 });
    await webhook({ isPaused: false });
    await bench.settle();
    const got = bench.callback.messages().map(({ id }) => id);
    expect(got.length).toBeGreaterThan(30);
    expect(new Set(got)).toEqual(new Set(ids as string[]));
    expect([...new Set(got)]).not.toEqual(ids);
  });

  it('tells the statuses that the script has, in its order and number', async () => {
    await bench.control('PUT', `contacts/${PERSON}`, { window: 'open' });
    const steps = ['sent', 'delivered', 'read', 'played'].map((status, at) => ({ status, after_ms: at * 30 }));
    await bench.control('PUT', 'script', { steps, order: 'reversed', copies: 2 });
    const id = idOf(await bench.sendText('x'));
    await bench.settle();
    const told = bench.callback.statuses(id).map(({ status }) => status);
    expect(told).toEqual(['played', 'played', 'read', 'read', 'delivered', 'delivered', 'sent', 'sent']);
    await bench.control('PUT', 'script', { steps: [] });
    bench.callback.forget();
    await bench.sendText('x', { biz_opaque_callback_data: 'mine' });
    await bench.settle();
    expect(bench.callback.notifications).toEqual([]);
    await bench.control('POST', 'statuses', { opaque: 'mine', status: 'failed', code: 131049 });
    await bench.settle();
    expect(bench.callback.statuses()).toMatchObject([{ status: 'failed', errors: [{ code: 131049 }] }]);
  });

  it('tells a status before it answers the send', async () => {
    await bench.control('PUT', 'behaviour', { answerDelayMs: 300 });
    await bench.control('PUT', 'script', { steps: [{ status: 'sent', after_ms: 0 }] });
    const reply = bench.sendText('x', { biz_opaque_callback_data: 'early' });
    while (bench.callback.notifications.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const [status] = bench.callback.statuses();
    expect(idOf(await reply)).toBe(status?.['id']);
  });

  it('has the conversation that versions before 24 have', async () => {
    await bench.control('PUT', 'behaviour', { webhookVersion: 23 });
    await bench.control('PUT', `contacts/${PERSON}`, { window: 'open' });
    await bench.sendText('x');
    await bench.settle();
    expect(bench.callback.statuses()[0]).toMatchObject({
      conversation: { id: expect.any(String), expiration_timestamp: expect.any(String), origin: { type: 'service' } },
    });
  });

  it('charges nothing for three days after a person came from an ad', async () => {
    await receive({ referral: { source_type: 'ad', source_id: '1', source_url: 'https://example.com' } });
    const pricingAfter = async (ms: number): Promise<unknown> => {
      await bench.control('POST', 'clock', { advance_ms: ms });
      await bench.control('PUT', `contacts/${PERSON}`, { window: 'open' });
      const id = idOf(await bench.sendText('x'));
      await bench.settle();
      const [{ pricing, conversation } = {}] = bench.callback.statuses(id);
      return [(pricing as Json)['type'], conversation === undefined];
    };
    expect(await pricingAfter(0)).toEqual(['free_entry_point', false]);
    expect(await pricingAfter(72 * 3_600_000)).toEqual(['free_customer_service', true]);
    expect(bench.callback.messages()[0]).toMatchObject({ referral: { source_type: 'ad' } });
  });

  it('asks the webhook to prove itself', async () => {
    expect(await bench.control('POST', 'handshake', { challenge: '1158201444' })).toEqual({
      isVerified: true,
      status: 200,
      challenge: '1158201444',
      answer: '1158201444',
    });
    expect(await bench.control('POST', 'handshake', { verify_token: 'wrong' })).toMatchObject({
      isVerified: false,
      status: 403,
    });
    const [query] = bench.callback.handshakes;
    expect([...(query?.keys() ?? [])]).toEqual(['hub.mode', 'hub.challenge', 'hub.verify_token']);
  });

  it('tells an account or a number elsewhere once that place has proved itself', async () => {
    const other = await MetaCallback.listen();
    other.verifyToken = 'other';
    const override = { override_callback_uri: other.url, verify_token: 'wrong' };
    const path = `${bench.accountId}/subscribed_apps`;
    expect((await bench.graph('POST', path, override)).status).toBe(400);
    expect((await bench.graph('POST', path, { ...override, verify_token: 'other' })).body).toEqual({ success: true });
    await receive();
    await bench.control('POST', 'updates', { field: 'account_update', value: { event: 'VERIFIED_ACCOUNT' } });
    await bench.settle();
    expect([other.notifications.length, bench.callback.notifications.length]).toEqual([1, 1]);
    await bench.graph('POST', path, {});
    await bench.graph('POST', bench.numberId, { webhook_configuration: { ...override, verify_token: 'other' } });
    await receive();
    await bench.settle();
    expect([other.notifications.length, bench.callback.notifications.length]).toEqual([2, 1]);
    await bench.graph('POST', bench.numberId, { webhook_configuration: { override_callback_uri: '' } });
    await receive();
    await bench.settle();
    expect([other.notifications.length, bench.callback.notifications.length]).toEqual([2, 2]);
    await other.close();
  });

  it('tells nothing of an account that nobody is subscribed to', async () => {
    const path = `${bench.accountId}/subscribed_apps`;
    await bench.graph('DELETE', path);
    expect((await bench.graph('GET', path)).body).toEqual({ data: [] });
    await receive();
    await bench.settle();
    expect(bench.callback.notifications).toEqual([]);
    expect(await bench.control('GET', 'deliveries')).toMatchObject({ untold: 1 });
    await bench.graph('POST', path, {});
    expect((await bench.graph('GET', path)).body).toMatchObject({ data: [{ whatsapp_business_api_data: {} }] });
  });

  it('sends any value and any bytes, with any signature', async () => {
    await bench.control('POST', 'updates', { field: 'security', value: { event: 'PIN_CHANGED' }, copies: 2 });
    for (const signature of ['right', 'wrong', 'none']) {
      await bench.control('POST', 'raw', { signature, body: { object: 'page', entry: [] } });
    }
    await bench.settle();
    const changes = bench.callback.changes('security');
    expect(changes).toMatchObject(
      Array.from({ length: 2 }, () => ({ time: expect.any(Number), value: { event: 'PIN_CHANGED' } })),
    );
    const raw = bench.callback.notifications.filter(({ body }) => body['object'] === 'page');
    expect(raw.map(({ isSignedRight }) => isSignedRight)).toEqual(expect.arrayContaining([true, false, false]));
  });

  it('puts what belongs to messages into their frame', async () => {
    const statuses = [{ id: 'wamid.unknown', status: 'sent', timestamp: '1' }];
    await bench.control('POST', 'updates', { field: 'messages', value: { statuses } });
    await bench.settle();
    expect(bench.callback.changes()).toMatchObject([
      { value: { messaging_product: 'whatsapp', metadata: { phone_number_id: bench.numberId }, statuses } },
    ]);
  });

  it('holds several apps apart, each with its own secret and token', async () => {
    const callbacks = await Promise.all([MetaCallback.listen('one'), MetaCallback.listen('two')]);
    const apps = callbacks.map(({ url }, at) => ({
      id: `1${String(at)}`,
      secret: ['one', 'two'][at] ?? '',
      accessToken: `token-${String(at)}`,
      webhookUrl: url,
      accounts: [
        {
          id: `2${String(at)}`,
          numbers: [{ id: `3${String(at)}`, displayPhoneNumber: `+1 555-010-000${String(at)}` }],
        },
      ],
    }));
    const many = await MetaBench.open({ apps });
    for (const id of ['30', '31']) await many.control('POST', 'inbound', { from: PERSON, phone_number_id: id });
    await many.settle();
    expect(callbacks.map(({ notifications }) => notifications.map(({ isSignedRight }) => isSignedRight))).toEqual([
      [true],
      [true],
    ]);
    expect((await many.graph('GET', '30', undefined, 'token-0')).status).toBe(200);
    expect((await many.graph('GET', '30', undefined, 'token-1')).status).toBe(400);
    await Promise.all([many.close(), ...callbacks.map((callback) => callback.close())]);
  });
});
