import { errorOf, MetaBench, PERSON, type Reply } from '../support/meta-bench.js';

type Json = Record<string, unknown>;

describe('numbers, accounts and tokens at the stand-in for Meta', () => {
  let bench: MetaBench;

  beforeAll(async () => {
    bench = await MetaBench.open();
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  it('describes a number by the fields that are asked for', async () => {
    const fields =
      'display_phone_number,verified_name,quality_rating,throughput,messaging_limit_tier,status,name_status';
    expect((await bench.graph('GET', `${bench.numberId}?fields=${fields}`)).body).toEqual({
      id: bench.numberId,
      display_phone_number: '+1 555-010-0001',
      verified_name: 'Stand-in',
      quality_rating: 'GREEN',
      throughput: { level: 'STANDARD' },
      messaging_limit_tier: 'TIER_1K',
      status: 'CONNECTED',
      name_status: 'APPROVED',
    });
    await bench.control('PUT', `numbers/${bench.numberId}`, { quality_rating: 'RED', status: 'FLAGGED' });
    const { body } = await bench.graph(
      'GET',
      `${bench.numberId}?fields=quality_rating,health_status{can_send_message}`,
    );
    expect(body).toMatchObject({ quality_rating: 'RED', health_status: { can_send_message: 'LIMITED' } });
    await bench.control('PUT', `numbers/${bench.numberId}`, { status: 'BANNED' });
    expect((await bench.graph('GET', `${bench.numberId}?fields=health_status`)).body).toMatchObject({
      health_status: { can_send_message: 'BLOCKED' },
    });
    expect(errorOf(await bench.graph('GET', `${bench.numberId}?fields=colour`))['message']).toContain('(colour)');
  });

  it('lists the numbers of an account, and describes the account', async () => {
    const { body } = await bench.graph('GET', `${bench.accountId}/phone_numbers`);
    expect(body).toMatchObject({ data: [{ id: bench.numberId }], paging: { cursors: {} } });
    expect((await bench.graph('GET', `${bench.accountId}?fields=name,health_status`)).body).toMatchObject({
      id: bench.accountId,
      health_status: { can_send_message: 'AVAILABLE' },
    });
  });

  it('registers with the PIN, and not too often', async () => {
    const register = (pin: string): Promise<Reply> =>
      bench.graph('POST', `${bench.numberId}/register`, { messaging_product: 'whatsapp', pin });
    expect((await bench.graph('POST', `${bench.numberId}/deregister`)).body).toEqual({ success: true });
    expect((await register('123456')).body).toEqual({ success: true });
    expect(errorOf(await register('654321'))['code']).toBe(133005);
    expect((await bench.graph('POST', bench.numberId, { pin: '654321' })).body).toEqual({ success: true });
    for (let at = 0; at < 8; at += 1) await register('654321');
    expect(errorOf(await register('654321'))['code']).toBe(133016);
    await bench.control('POST', 'clock', { advance_ms: 72 * 3_600_000 });
    expect((await register('654321')).status).toBe(200);
  });

  it('keeps the business profile', async () => {
    const path = `${bench.numberId}/whatsapp_business_profile`;
    const change = (profile: Json): Promise<Reply> =>
      bench.graph('POST', path, { messaging_product: 'whatsapp', ...profile });
    expect((await change({ about: 'Tea', websites: ['https://example.com'] })).body).toEqual({ success: true });
    expect((await bench.graph('GET', `${path}?fields=about,websites`)).body).toEqual({
      data: [{ about: 'Tea', websites: ['https://example.com'], messaging_product: 'whatsapp' }],
    });
    expect(errorOf(await change({ about: 'x'.repeat(140) }))['code']).toBe(100);
    expect(errorOf(await change({ colour: 'red' }))['code']).toBe(100);
  });

  it('refuses a token that is missing, unknown, expired or short of a permission', async () => {
    const path = `${bench.numberId}/messages`;
    const missing = await fetch(`${bench.standIn.url}/v25.0/${path}`, { method: 'POST' });
    expect(missing.status).toBe(403);
    expect(errorOf(await bench.graph('POST', path, {}, 'other'))['code']).toBe(190);
    for (const subcode of [463, 460]) {
      await bench.control('PUT', 'tokens/stand-in-access-token', { invalid_subcode: subcode });
      expect(await bench.sendText('x')).toMatchObject({
        status: 401,
        body: { error: { code: 190, error_subcode: subcode } },
      });
    }
    await bench.control('PUT', 'tokens/stand-in-access-token', { invalid_subcode: null, scopes: [] });
    expect(await bench.sendText('x')).toMatchObject({ status: 403, body: { error: { code: 10 } } });
    const template = await bench.graph('POST', `${bench.accountId}/message_templates`, {});
    expect(template).toMatchObject({ status: 403, body: { error: { code: 200 } } });
  });

  it('tells what a token is good for', async () => {
    const ask = async (): Promise<Json> =>
      (await bench.graph('GET', 'debug_token?input_token=new', undefined, 'stand-in-access-token')).body;
    expect(await ask()).toMatchObject({ data: { is_valid: false } });
    await bench.control('PUT', 'tokens/new', { scopes: ['whatsapp_business_messaging'] });
    expect(await ask()).toMatchObject({ data: { is_valid: true, scopes: ['whatsapp_business_messaging'] } });
    await bench.control('PUT', 'tokens/new', { invalid_subcode: 463 });
    expect(await ask()).toMatchObject({ data: { is_valid: false, error: { code: 190, subcode: 463 } } });
  });

  it('limits the calls that manage an account, and tells how many are used up', async () => {
    await bench.control('PUT', 'behaviour', { managementPerHour: 2 });
    const ask = (): Promise<Reply> => bench.graph('GET', `${bench.accountId}/phone_numbers`);
    await ask();
    const last = await ask();
    expect(JSON.parse(last.headers.get('x-business-use-case-usage') ?? '')).toMatchObject({
      [bench.accountId]: [{ type: 'whatsapp', call_count: 100, estimated_time_to_regain_access: 60 }],
    });
    expect(errorOf(await ask())['code']).toBe(80007);
    await bench.control('POST', 'clock', { advance_ms: 3_600_000 });
    expect((await ask()).status).toBe(200);
  });

  it('blocks who wrote within a day, and nobody else', async () => {
    await bench.openWindow();
    const path = `${bench.numberId}/block_users`;
    const users = { messaging_product: 'whatsapp', block_users: [{ user: `+${PERSON}` }, { user: '+15550100077' }] };
    expect((await bench.graph('POST', path, users)).body).toMatchObject({
      block_users: {
        added_users: [{ wa_id: PERSON }],
        failed_users: [{ wa_id: '15550100077', errors: [{ code: 131047 }] }],
      },
      error: { code: 139100 },
    });
    expect((await bench.graph('GET', path)).body).toMatchObject({ data: [{ wa_id: PERSON }] });
    await bench.graph('DELETE', path, users);
    expect((await bench.graph('GET', path)).body).toMatchObject({ data: [] });
  });

  it('tells another webhook of the app once that has proved itself', async () => {
    const path = '100000000000001/subscriptions';
    const token = '100000000000001|stand-in-app-secret';
    const subscription = { object: 'whatsapp_business_account', callback_url: bench.callback.url, fields: 'messages' };
    const wrong = await bench.graph('POST', path, { ...subscription, verify_token: 'wrong' }, token);
    expect(errorOf(wrong)['code']).toBe(2200);
    const right = await bench.graph('POST', path, { ...subscription, verify_token: 'stand-in-verify-token' }, token);
    expect(right.body).toEqual({ success: true });
    expect((await bench.graph('GET', path, undefined, token)).body).toMatchObject({
      data: [{ callback_url: bench.callback.url }],
    });
    await bench.graph('DELETE', path, undefined, token);
    await bench.control('POST', 'inbound', { from: PERSON });
    expect(await bench.control('GET', 'deliveries')).toMatchObject({ untold: 1 });
  });

  it('gives a handle for the sample of a template', async () => {
    const { body } = await bench.graph('POST', '100000000000001/uploads?file_type=image/png&file_length=3');
    const upload = await bench.graph('POST', String(body['id']), { bytes: 1 });
    expect(upload.body).toEqual({ h: expect.stringMatching(/^4::/) });
  });

  it('answers every version, and nothing beside them', async () => {
    const ask = (path: string): Promise<Response> =>
      fetch(`${bench.standIn.url}/${path}`, { headers: { authorization: 'Bearer stand-in-access-token' } });
    expect((await ask(`v19.0/${bench.numberId}`)).status).toBe(200);
    expect((await ask(`v99.0/${bench.numberId}?access_token=x`)).status).toBe(200);
    expect((await ask(bench.numberId)).status).toBe(400);
    expect((await ask(`v25.0/${bench.numberId}/nothing`)).status).toBe(400);
  });

  it('refuses bodies that are no JSON objects', async () => {
    for (const body of ['{', '[]']) {
      const response = await fetch(`${bench.standIn.url}/v25.0/${bench.numberId}/messages`, {
        method: 'POST',
        headers: { authorization: 'Bearer stand-in-access-token', 'content-type': 'application/json' },
        body,
      });
      expect(response.status).toBe(400);
    }
  });
});
