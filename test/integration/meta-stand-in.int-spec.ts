import { errorOf, idOf, MetaBench, PERSON } from '../support/meta-bench.js';

describe('the stand-in for Meta', () => {
  let bench: MetaBench;

  beforeAll(async () => {
    bench = await MetaBench.open();
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  it('takes a text inside the window and tells its life', async () => {
    await bench.openWindow();
    const reply = await bench.sendText('hello', { biz_opaque_callback_data: 'outbox-1' });
    expect(reply).toMatchObject({
      status: 200,
      body: { messaging_product: 'whatsapp', contacts: [{ input: `+${PERSON}`, wa_id: PERSON }] },
    });
    expect(idOf(reply)).toMatch(/^wamid\.[\w+/=]+$/);
    await bench.settle();
    const statuses = bench.callback.statuses(idOf(reply));
    expect(statuses.map(({ status }) => status)).toEqual(['sent', 'delivered', 'read']);
    for (const status of statuses) {
      expect(status).toMatchObject({ recipient_id: PERSON, biz_opaque_callback_data: 'outbox-1' });
      expect(status['timestamp']).toMatch(/^\d{10}$/);
    }
    expect(statuses[0]).toMatchObject({
      pricing: { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' },
    });
    expect(statuses[2]).not.toHaveProperty('pricing');
  });

  it('signs the bytes that it sends, which are not those that JSON.stringify would make', async () => {
    await bench.control('POST', 'inbound', { from: PERSON, text: 'Olá 😀 a/b <c> 5% me@x' });
    await bench.settle();
    const [notification] = bench.callback.notifications;
    expect(notification?.isSignedRight).toBe(true);
    expect(notification?.raw.toString('latin1')).toContain(
      'Ol\\u00e1 \\ud83d\\ude00 a\\/b \\u003cc> 5\\u0025 me\\u0040x',
    );
    expect(bench.callback.messages()).toMatchObject([
      { from: PERSON, type: 'text', text: { body: 'Olá 😀 a/b <c> 5% me@x' } },
    ]);
  });

  it('takes a free-form message outside the window and tells its failure later', async () => {
    const reply = await bench.sendText('too late');
    expect(reply.status).toBe(200);
    await bench.settle();
    expect(bench.callback.statuses()).toMatchObject([
      { id: idOf(reply), status: 'failed', errors: [{ code: 131047, title: 'Re-engagement message' }] },
    ]);
  });

  it('counts what arrived, whatever the caller was told', async () => {
    await bench.sendText('one', { biz_opaque_callback_data: 'a' });
    await bench.sendText('two', { biz_opaque_callback_data: 'b' });
    await bench.sendText('two', { biz_opaque_callback_data: 'b' });
    expect(await bench.control('GET', 'arrivals')).toEqual({ total: 3, counts: { a: 1, b: 2 } });
    expect(await bench.control('GET', 'sent?opaque=a')).toMatchObject({
      data: [{ opaque: 'a', to: `+${PERSON}`, type: 'text', request: { text: { body: 'one' } } }],
    });
  });

  it('refuses in the envelope of the Graph API', async () => {
    const unknown = await bench.graph('POST', '999/messages', {});
    expect(unknown.status).toBe(400);
    expect(errorOf(unknown)).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' });
    const token = await bench.graph('POST', `${bench.numberId}/messages`, {}, 'other');
    expect(token.status).toBe(401);
    expect(errorOf(token)).toMatchObject({
      code: 190,
      type: 'OAuthException',
      fbtrace_id: expect.stringMatching(/^A/),
    });
  });
});
