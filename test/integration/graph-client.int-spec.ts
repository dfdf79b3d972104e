import { MetaStandIn } from '../../src/meta-stand-in/meta-stand-in.js';
import { GraphCallError } from '../../src/modules/engines/cloud/graph-call-error.js';
import { GraphClient } from '../../src/modules/engines/cloud/graph-client.js';
import { FileTooLargeError } from '../../src/modules/engines/engine.errors.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';

const NUMBER = '300000000000001';
const TOKEN = 'EAAGtokenThatMustNotBeSeen0123456789';

describe(GraphClient.name, () => {
  let meta: MetaStandIn;
  let lifecycle: Lifecycle;
  let client: GraphClient;

  beforeAll(async () => {
    meta = await MetaStandIn.listen({ apps: [{ accessToken: TOKEN }] });
    lifecycle = new Lifecycle();
    client = new GraphClient({ graphApiUrl: `${meta.url}/v26.0/` }, lifecycle);
  });
  afterAll(async () => {
    await meta.close();
    await lifecycle.drain();
  });

  const failureOf = async (call: Promise<unknown>): Promise<GraphCallError> => {
    const failed: unknown = await call.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(failed instanceof GraphCallError)) throw new Error(`It has not failed as a call: ${String(failed)}`);
    return failed;
  };
  const fault = async (body: object): Promise<void> => {
    await fetch(`${meta.url}/_control/faults`, { method: 'POST', body: JSON.stringify(body) });
  };
  const read = (token = TOKEN): Promise<unknown> =>
    client.call({ method: 'GET', path: NUMBER, query: { fields: 'id' }, token });

  it('gives what Meta answers', async () => {
    expect(await read()).toEqual({ id: NUMBER });
  });

  it('tells Meta’s error, and neither token nor address in it', async () => {
    const error = await failureOf(read('EAAGanotherTokenThatMustNotBeSeen'));
    expect(error.code).toBe(190);
    expect(error.decide(1)).toMatchObject({ action: 'park-session' });
    expect(`${error.message} ${String(error.stack)} ${JSON.stringify(error)}`).not.toContain('MustNotBeSeen');
  });

  it.each([
    [{ kind: 'cut-before' }, { kind: 'no-answer' }],
    [{ kind: 'cut-after' }, { kind: 'no-answer' }],
    [{ kind: 'truncate' }, { kind: 'no-answer' }],
    [
      { kind: 'answer', http_status: 502, body: '<html>', content_type: 'text/html' },
      { kind: 'answered', httpStatus: 502, error: null },
    ],
    [
      { kind: 'answer', http_status: 200, body: 'OK', content_type: 'text/plain' },
      { kind: 'answered', httpStatus: 200, error: null },
    ],
  ])('tells of %j what is known', async (told, known) => {
    await fault({ ...told, times: 1 });
    expect((await failureOf(read())).failure).toEqual(known);
  });

  it('knows when nothing has left', async () => {
    const nowhere = new GraphClient({ graphApiUrl: 'http://127.0.0.1:9/v26.0' }, lifecycle);
    const error = await failureOf(nowhere.call({ method: 'POST', path: 'x', token: TOKEN, json: {} }));
    expect(error.failure).toEqual({ kind: 'not-connected' });
    expect(error.decide(1)).toMatchObject({ action: 'retry' });
  });

  it('reads no more of a file than is wished', async () => {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('file', new Blob(['0123456789'], { type: 'text/plain' }), 'a.txt');
    const headers = { authorization: `Bearer ${TOKEN}` };
    const upload = await fetch(`${meta.url}/v26.0/${NUMBER}/media`, { method: 'POST', headers, body: form });
    const { id } = (await upload.json()) as { id: string };
    const { url } = (await client.call({ method: 'GET', path: id, token: TOKEN })) as { url: string };
    expect((await client.download(url, TOKEN, 10))?.toString()).toBe('0123456789');
    await expect(client.download(url, TOKEN, 9)).rejects.toBeInstanceOf(FileTooLargeError);
    expect(await client.download(url.replace('hash=', 'hash=x'), TOKEN, 10)).toBeNull();
  });

  it.each([
    'https://example.com/a',
    'https://fbsbx.com.example.com/a',
    'https://xfbsbx.com/a',
    'https://lookaside.fbsbx.com@example.com/a',
    'http://lookaside.fbsbx.com/a',
    'file:///etc/passwd',
    'http://127.0.0.1:9/a',
  ])('shows the token to no other host: %s', async (address) => {
    await expect(client.download(address, TOKEN, 10)).rejects.toThrow('not one of Meta');
  });
});
