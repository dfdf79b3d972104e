import { errorOf, idOf, MetaBench, PERSON, type Reply } from '../support/meta-bench.js';

type Json = Record<string, unknown>;

const ORDER = {
  name: 'order_ready',
  language: 'en_US',
  category: 'UTILITY',
  components: [
    { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::x'] } },
    { type: 'BODY', text: 'Hi {{1}}, your order {{2}} is ready now.', example: { body_text: [['Ana', '7']] } },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Thanks' },
        { type: 'URL', text: 'Track', url: 'https://example.com/{{1}}', example: ['https://example.com/7'] },
      ],
    },
  ],
};
const NAMED = {
  name: 'named',
  language: 'en_US',
  category: 'MARKETING',
  parameter_format: 'NAMED',
  components: [
    {
      type: 'BODY',
      text: 'Hello {{first_name}}, we have news for you.',
      example: { body_text_named_params: [{ param_name: 'first_name', example: 'Ana' }] },
    },
  ],
};
const CODE = {
  name: 'code',
  language: 'en_US',
  category: 'AUTHENTICATION',
  components: [
    { type: 'BODY', add_security_recommendation: true },
    { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
  ],
};

const header = { type: 'header', parameters: [{ type: 'image', image: { link: 'https://example.com/a.jpg' } }] };
const body = (...texts: readonly unknown[]): Json => ({
  type: 'body',
  parameters: texts.map((value) => ({ type: 'text', text: value })),
});
const button = { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: '7' }] };

describe('templates at the stand-in for Meta', () => {
  let bench: MetaBench;

  beforeAll(async () => {
    bench = await MetaBench.open();
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  const create = (template: Json): Promise<Reply> =>
    bench.graph('POST', `${bench.accountId}/message_templates`, template);
  const list = async (query = ''): Promise<readonly Json[]> =>
    (await bench.graph('GET', `${bench.accountId}/message_templates${query}`)).body['data'] as readonly Json[];
  const put = (template: Json): Promise<Json> => bench.control('POST', 'templates', template);
  const send = (name: string, components: readonly Json[], code = 'en_US'): Promise<Reply> =>
    bench.send({ type: 'template', template: { name, language: { code }, components } });

  it('reviews what is created and tells the result', async () => {
    const reply = await create(ORDER);
    expect(reply.body).toEqual({ id: expect.stringMatching(/^\d+$/), status: 'PENDING', category: 'UTILITY' });
    await bench.settle();
    expect(bench.callback.changes('message_template_status_update')).toMatchObject([
      {
        account: bench.accountId,
        time: expect.any(Number),
        value: { event: 'APPROVED', message_template_id: Number(reply.body['id']), reason: 'NONE' },
      },
    ]);
    expect(await list()).toMatchObject([{ name: 'order_ready', status: 'APPROVED', parameter_format: 'POSITIONAL' }]);
  });

  it.each([
    ['a name with capitals', { name: 'Order' }],
    ['an unknown category', { category: 'OTHER' }],
    ['a language that is none', { language: 'english' }],
    ['no body', { components: [{ type: 'FOOTER', text: 'x' }] }],
    ['a body that is too long', { components: [{ type: 'BODY', text: 'x'.repeat(1025) }] }],
    ['no example', { components: [{ type: 'BODY', text: 'Hi {{1}} and so on.' }] }],
    [
      'a variable at the edge',
      { components: [{ type: 'BODY', text: '{{1}} hello you', example: { body_text: [['x']] } }] },
    ],
    [
      'a footer with a variable',
      {
        components: [
          { type: 'BODY', text: 'x' },
          { type: 'FOOTER', text: '{{1}}' },
        ],
      },
    ],
    [
      'eleven buttons',
      {
        components: [
          { type: 'BODY', text: 'x' },
          { type: 'BUTTONS', buttons: Array.from({ length: 11 }, () => ({ type: 'QUICK_REPLY', text: 'x' })) },
        ],
      },
    ],
  ])('refuses to create one with %s', async (_name, change) => {
    const reply = await create({ ...ORDER, ...change });
    expect(reply.status).toBe(400);
    expect(errorOf(reply)['code']).toBe(100);
  });

  it('refuses the same name and language twice, and for 30 days after it was deleted', async () => {
    await create(ORDER);
    expect(errorOf(await create(ORDER))).toMatchObject({
      error_subcode: 2388024,
      error_user_title: expect.any(String),
    });
    expect((await create({ ...ORDER, language: 'pt_BR' })).status).toBe(200);
    await bench.graph('DELETE', `${bench.accountId}/message_templates?name=order_ready`);
    expect(await list()).toEqual([]);
    expect(errorOf(await create(ORDER))).toMatchObject({ error_subcode: 2388023 });
    await bench.control('POST', 'clock', { advance_ms: 30 * 86_400_000 });
    expect((await create(ORDER)).status).toBe(200);
  });

  it('lists by pages with cursors, and by name and state', async () => {
    for (let at = 0; at < 5; at += 1)
      await put({ ...NAMED, name: `named_${String(at)}`, status: at === 0 ? 'PAUSED' : 'APPROVED' });
    const names: unknown[] = [];
    let path = `/v25.0/${bench.accountId}/message_templates?limit=2&fields=name`;
    while (path !== '') {
      const page = await bench.graph('GET', path.replace('/v25.0/', ''));
      names.push(...(page.body['data'] as readonly Json[]).map(({ name }) => name));
      const { next } = page.body['paging'] as { readonly next?: string };
      path = next === undefined ? '' : next.slice(bench.standIn.url.length);
    }
    expect(names).toEqual(['named_4', 'named_3', 'named_2', 'named_1', 'named_0']);
    expect(await list('?status=PAUSED')).toHaveLength(1);
    expect(await list('?name=named_3')).toHaveLength(1);
    const stale = await bench.graph('GET', `${bench.accountId}/message_templates?after=nonsense`);
    expect(errorOf(stale)['code']).toBe(131059);
  });

  it('edits an approved one once a day', async () => {
    const { id } = await put(NAMED);
    const edit = (): Promise<Reply> => bench.graph('POST', String(id), { components: NAMED.components });
    expect((await edit()).body).toEqual({ success: true });
    await bench.settle();
    expect(errorOf(await edit())['code']).toBe(100);
    await bench.control('POST', 'clock', { advance_ms: 86_400_000 });
    expect((await edit()).status).toBe(200);
    expect(errorOf(await edit())['code']).toBe(100);
  });

  it('takes the parameters that it needs, outside the window too, and tells the price', async () => {
    await put(ORDER);
    const reply = await send('order_ready', [header, body('Ana', '7'), button]);
    expect(reply.body['messages']).toEqual([{ id: idOf(reply), message_status: 'accepted' }]);
    await bench.settle();
    const [sent] = bench.callback.statuses(idOf(reply));
    expect(sent).toMatchObject({ status: 'sent', pricing: { billable: true, type: 'regular', category: 'utility' } });
  });

  it.each([
    ['a header that is missing', 132012, [body('Ana', '7'), button]],
    ['too few values', 132000, [header, body('Ana'), button]],
    ['too many values', 132000, [header, body('Ana', '7', '8'), button]],
    ['no value of a button', 131008, [header, body('Ana', '7')]],
    ['a button that is not there', 132012, [header, body('Ana', '7'), button, { ...button, index: '5' }]],
    ['a line break', 132018, [header, body('Ana\n', '7'), button]],
    ['five spaces', 132018, [header, body('Ana     x', '7'), button]],
    ['nothing for a value', 100, [header, body(null, '7'), button]],
    ['values that are too long', 132005, [header, body('x'.repeat(1020), '7'), button]],
  ])('refuses %s with %i', async (_name, code, components) => {
    await put(ORDER);
    expect(errorOf(await send('order_ready', components))['code']).toBe(code);
  });

  it('wants names where a template has names', async () => {
    await put(NAMED);
    const value = { type: 'text', text: 'Ana' };
    const codeOf = async (parameter: Json): Promise<unknown> => {
      const reply = await send('named', [{ type: 'body', parameters: [parameter] }]);
      return reply.status === 200 ? 0 : errorOf(reply)['code'];
    };
    expect(await codeOf(value)).toBe(132012);
    expect(await codeOf({ ...value, parameter_name: 'other' })).toBe(132012);
    expect(await codeOf({ ...value, parameter_name: 'first_name' })).toBe(0);
  });

  it('wants the code of an authentication template twice, and a phone number', async () => {
    await put(CODE);
    expect(errorOf(await send('code', [body('123')]))['code']).toBe(131008);
    const components = [body('123'), { ...button, index: '0' }];
    expect((await send('code', components)).status).toBe(200);
    await bench.control('PUT', `contacts/${PERSON}`, { user_id: 'US.42' });
    const template = { name: 'code', language: { code: 'en_US' }, components };
    const reply = await bench.send({ recipient: 'US.42', type: 'template', template }, '');
    expect(errorOf(reply)['code']).toBe(131062);
  });

  it('sends only what is approved, in its very language', async () => {
    const { id } = await put(NAMED);
    expect(await send('named', [], 'en')).toMatchObject({ status: 404, body: { error: { code: 132001 } } });
    const codes = [];
    for (const event of ['PAUSED', 'DISABLED', 'REJECTED']) {
      await bench.control('PUT', `templates/${String(id)}`, { event });
      codes.push(errorOf(await send('named', []))['code']);
    }
    expect(codes).toEqual([132015, 132016, 132001]);
  });

  it('takes marketing templates alone where only they are taken', async () => {
    await put(NAMED);
    await put(ORDER);
    const sendMarketing = async (content: Json): Promise<unknown> => {
      const frame = { messaging_product: 'whatsapp', to: `+${PERSON}` };
      const reply = await bench.graph('POST', `${bench.numberId}/marketing_messages`, { ...frame, ...content });
      return reply.status === 200 ? 0 : errorOf(reply)['code'];
    };
    const components = [{ type: 'body', parameters: [{ type: 'text', text: 'A', parameter_name: 'first_name' }] }];
    const template = { name: 'named', language: { code: 'en_US' }, components };
    expect(await sendMarketing({ type: 'template', template })).toBe(0);
    expect(await sendMarketing({ type: 'text', text: { body: 'x' } })).toBe(131055);
    expect(await sendMarketing({ type: 'template', template: { ...template, name: 'order_ready' } })).toBe(134100);
  });

  it('fails marketing later for who has stopped it', async () => {
    await put(NAMED);
    await bench.control('PUT', `contacts/${PERSON}`, { marketing_stopped: true });
    const reply = await send('named', [
      { type: 'body', parameters: [{ type: 'text', text: 'A', parameter_name: 'first_name' }] },
    ]);
    await bench.settle();
    expect(bench.callback.statuses(idOf(reply))).toMatchObject([{ status: 'failed', errors: [{ code: 131050 }] }]);
  });

  it('tells changes of quality and category', async () => {
    const { id } = await put({ ...NAMED, quality_score: 'GREEN' });
    await bench.control('PUT', `templates/${String(id)}`, { quality_score: 'RED', category: 'UTILITY' });
    await bench.settle();
    expect(bench.callback.changes('message_template_quality_update')).toMatchObject([
      { value: { previous_quality_score: 'GREEN', new_quality_score: 'RED' } },
    ]);
    expect(bench.callback.changes('template_category_update')).toMatchObject([
      { value: { previous_category: 'MARKETING', new_category: 'UTILITY' } },
    ]);
  });
});
