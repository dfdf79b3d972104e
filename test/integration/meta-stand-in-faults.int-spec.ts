import { errorOf, idOf, MetaBench } from '../support/meta-bench.js';

type Json = Record<string, unknown>;

describe('faults of the stand-in for Meta', () => {
  let bench: MetaBench;

  beforeAll(async () => {
    bench = await MetaBench.open();
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  const fail = (fault: Json): Promise<Json> =>
    bench.control('POST', 'faults', { operation: 'messages', times: 1, ...fault });
  const arrivals = async (): Promise<unknown> => (await bench.control('GET', 'arrivals'))['counts'];
  const sendAs = (opaque: string): ReturnType<MetaBench['sendText']> =>
    bench.sendText('x', { biz_opaque_callback_data: opaque });

  it.each([
    [190, 401],
    [80007, 400],
    [130429, 400],
    [131000, 500],
    [131016, 500],
    [131057, 500],
    [132007, 400],
    [133004, 503],
    [368, 403],
    [4, 400],
  ])('refuses with %i on demand', async (code, status) => {
    await fail({ code });
    const reply = await sendAs('a');
    expect(reply.status).toBe(status);
    expect(errorOf(reply)).toMatchObject({ code, fbtrace_id: expect.any(String) });
    expect(await arrivals()).toEqual({});
    expect((await sendAs('a')).status).toBe(200);
  });

  it('refuses with all that an error may have', async () => {
    await fail({ code: 2, is_transient: true, http_status: 500, subcode: 99, details: 'why' });
    expect(await sendAs('a')).toMatchObject({
      status: 500,
      body: { error: { code: 2, is_transient: true, error_subcode: 99, error_data: { details: 'why' } } },
    });
  });

  it('answers with something that is no JSON', async () => {
    await fail({ kind: 'answer', http_status: 502, body: '<html>Bad Gateway</html>', content_type: 'text/html' });
    await expect(sendAs('a')).rejects.toThrow(SyntaxError);
    expect(await arrivals()).toEqual({});
  });

  it.each([
    ['cut-before', {}],
    ['cut-after', { a: 1 }],
    ['truncate', { a: 1 }],
  ])('cuts the connection: %s', async (kind, counts) => {
    await fail({ kind });
    await expect(sendAs('a')).rejects.toThrow();
    expect(await arrivals()).toEqual(counts);
  });

  it.each([
    ['hang-before', {}],
    ['hang-after', { a: 1 }],
  ])('never answers: %s', async (kind, counts) => {
    await fail({ kind });
    const settled = await Promise.race([
      sendAs('a').catch(() => 'refused'),
      new Promise((resolve) => setTimeout(resolve, 200, 'waiting')),
    ]);
    expect(settled).toBe('waiting');
    expect(await arrivals()).toEqual(counts);
  });

  it('takes a message and fails it later, with the code that was asked for', async () => {
    await bench.openWindow();
    await fail({ kind: 'failed', code: 131026 });
    const reply = await sendAs('a');
    await bench.settle();
    expect(bench.callback.statuses(idOf(reply))).toMatchObject([{ status: 'failed', errors: [{ code: 131026 }] }]);
  });

  it('is late by the latency that was set, or for one call', async () => {
    await bench.control('PUT', 'behaviour', { latencyMs: 60 });
    await fail({ kind: 'delay', delay_ms: 60 });
    const began = performance.now();
    await sendAs('a');
    expect(performance.now() - began).toBeGreaterThan(115);
  });

  it('fails a part of the calls, of one recipient or one operation', async () => {
    await bench.control('PUT', 'behaviour', { pairEveryMs: 0, throughputPerSecond: 0 });
    await bench.control('POST', 'faults', { operation: 'messages', probability: 0.5, code: 131000 });
    const statuses = [];
    for (let at = 0; at < 40; at += 1) statuses.push((await sendAs(String(at))).status);
    const failed = statuses.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(8);
    expect(failed).toBeLessThan(32);
    await bench.control('DELETE', 'faults');
    const { id } = await bench.control('POST', 'faults', { to: '15550100022', code: 131000 });
    expect((await sendAs('x')).status).toBe(200);
    expect((await bench.send({ type: 'text', text: { body: 'x' } }, '15550100022')).status).toBe(500);
    await bench.control('DELETE', `faults/${String(id)}`);
    expect(await bench.control('GET', 'faults')).toEqual({ data: [] });
    await bench.control('POST', 'faults', { operation: 'number', code: 2 });
    expect((await sendAs('y')).status).toBe(200);
    expect((await bench.graph('GET', bench.numberId)).status).toBe(503);
    expect(await bench.control('GET', 'calls?operation=number')).toMatchObject({
      data: [{ status: 503, errorCode: 2 }],
    });
  });

  it.each([
    ['POST', 'faults', { kind: 'explode' }],
    ['PUT', 'behaviour', { latency: 5 }],
    ['PUT', 'behaviour', { webhook: { shape: 'round' } }],
    ['POST', 'inbound', {}],
    ['POST', 'clock', { advance_ms: -1 }],
    ['PUT', 'script', { order: 'sideways' }],
    ['POST', 'statuses', { id: 'wamid.none', status: 'read' }],
    ['PUT', 'templates/1', { event: 'APPROVED' }],
    ['GET', 'nothing', undefined],
  ])('says what is wrong with a control call: %s %s %j', async (method, path, body) => {
    await expect(bench.control(method, path, body)).rejects.toThrow(/error/);
  });

  it('forgets everything but its random numbers', async () => {
    const before = idOf(await sendAs('a'));
    await bench.control('PUT', 'behaviour', { latencyMs: 1000 });
    await bench.reset();
    expect(await arrivals()).toEqual({});
    expect(await bench.control('GET', 'behaviour')).toMatchObject({ latencyMs: 0 });
    expect(idOf(await sendAs('a'))).not.toBe(before);
  });

  it('starts with the settings that it was given, goes back to them, and knows them all', async () => {
    const slow = await MetaBench.open({ behaviour: { latencyMs: 7, webhook: { gatherMs: 3 } } });
    await slow.control('PUT', 'behaviour', { latencyMs: 9 });
    await slow.reset();
    expect(await slow.control('GET', 'behaviour')).toMatchObject({
      latencyMs: 7,
      webhook: { gatherMs: 3, maxUpdates: 1000 },
    });
    await slow.close();
    await expect(MetaBench.open({ behaviour: { speed: 9 } })).rejects.toThrow('Unknown or of another type: speed.');
  });

  it('remembers no more than it was told to', async () => {
    const small = await MetaBench.open({ recordLimit: 3 });
    for (let at = 0; at < 8; at += 1) await small.sendText(String(at));
    const { data, total } = await small.control('GET', 'sent');
    expect(total).toBe(8);
    expect((data as readonly Json[]).map(({ request }) => (request as Json)['text'])).toEqual(
      ['5', '6', '7'].map((body) => ({ body })),
    );
    await small.close();
  });
});
