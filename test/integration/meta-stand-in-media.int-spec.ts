import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';

import { errorOf, idOf, MetaBench, PERSON, type Reply } from '../support/meta-bench.js';

type Json = Record<string, unknown>;

const JPEG = Buffer.from('ffd8ffe000104a46494600', 'hex');

describe('media at the stand-in for Meta', () => {
  let bench: MetaBench;

  beforeAll(async () => {
    bench = await MetaBench.open();
  });
  beforeEach(() => bench.reset());
  afterAll(() => bench.close());

  const upload = (bytes: Buffer, type: string, fields: Json = { messaging_product: 'whatsapp' }): Promise<Reply> => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
    form.set('file', new Blob([new Uint8Array(bytes)], { type }), 'naïve "name".bin');
    return bench.graph('POST', `${bench.numberId}/media`, form);
  };
  const download = (url: string, token = 'stand-in-access-token'): Promise<Response> =>
    fetch(url, { headers: { authorization: `Bearer ${token}` } });

  it('gives back the bytes that were uploaded, to whoever has the token, for five minutes', async () => {
    const bytes = Buffer.from('\r\n--not the boundary\r\n\r\n\0\u00ff', 'latin1');
    const { body } = await upload(bytes, 'text/plain');
    const id = String(body['id']);
    const media = await bench.graph('GET', `${id}?phone_number_id=${bench.numberId}`);
    expect(media.body).toMatchObject({
      id,
      mime_type: 'text/plain',
      file_size: bytes.length,
      messaging_product: 'whatsapp',
    });
    const url = String(media.body['url']);
    const file = await download(url);
    expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);
    expect((await download(url, 'other')).status).toBe(401);
    expect((await download(`${url}x`)).status).toBe(404);
    await bench.control('POST', 'clock', { advance_ms: 300_001 });
    expect((await download(url)).status).toBe(404);
    expect((await bench.graph('GET', id)).status).toBe(200);
    await bench.control('POST', 'clock', { advance_ms: 30 * 86_400_000 });
    expect(errorOf(await bench.graph('GET', id))).toMatchObject({ code: 100, error_subcode: 33 });
  });

  it.each([
    ['image/jpeg', 5 * 1024 * 1024],
    ['audio/ogg; codecs=opus', 16 * 1024 * 1024],
    ['video/mp4', 16 * 1024 * 1024],
    ['image/webp', 100 * 1024],
  ])('takes %s up to its limit', async (type, limit) => {
    expect((await upload(Buffer.alloc(limit), type)).status).toBe(200);
    expect(errorOf(await upload(Buffer.alloc(limit + 1), type))['code']).toBe(100);
  });

  it('takes larger stickers when they move', async () => {
    const moving = Buffer.concat([Buffer.from('RIFF....WEBPVP8X....ANIM'), Buffer.alloc(400 * 1024)]);
    expect((await upload(moving, 'image/webp')).status).toBe(200);
  });

  it('refuses types that WhatsApp does not have, and forms that lack something', async () => {
    const unknown = await upload(JPEG, 'application/octet-stream');
    expect(errorOf(unknown)['message']).toContain("Received file of type 'application/octet-stream'");
    expect(errorOf(await upload(JPEG, 'image/jpeg', {}))['code']).toBe(100);
    expect(errorOf(await upload(Buffer.alloc(0), 'image/jpeg'))['code']).toBe(100);
    expect(errorOf(await bench.graph('POST', `${bench.numberId}/media`, {}))['code']).toBe(100);
  });

  it('sends what was uploaded, and fails later what is gone or of another kind', async () => {
    await bench.openWindow();
    const { body } = await upload(JPEG, 'image/jpeg');
    const codeOf = async (type: string, media: Json): Promise<unknown> => {
      const reply = await bench.send({ type, [type]: media });
      await bench.settle();
      const [status] = bench.callback.statuses(idOf(reply)) as readonly { readonly errors?: readonly Json[] }[];
      return status?.errors?.[0]?.['code'];
    };
    expect(await codeOf('image', { id: body['id'] })).toBeUndefined();
    expect(await codeOf('video', { id: body['id'] })).toBe(131053);
    expect((await bench.graph('DELETE', String(body['id']))).body).toEqual({ success: true });
    expect(await codeOf('image', { id: body['id'] })).toBe(131053);
  });

  it('fetches links when it is told to, and fails later what it cannot use', async () => {
    await bench.openWindow();
    await bench.control('PUT', 'behaviour', { areLinksFetched: true });
    const server = createServer((request, response) => {
      if (request.url === '/a.jpg') response.writeHead(200, { 'content-type': 'image/jpeg' }).end(JPEG);
      else response.writeHead(request.url === '/a.html' ? 200 : 404, { 'content-type': 'text/html' }).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const home = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    for (const path of ['/a.jpg', '/a.html', '/none'])
      await bench.send({ type: 'image', image: { link: home + path } });
    await bench.settle();
    const failed = bench.callback.statuses().filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(2);
    server.close();
  });

  it('gives an address with what a person sends', async () => {
    const data = JPEG.toString('base64');
    await bench.control('POST', 'inbound', { from: PERSON, type: 'image', image: { data, caption: 'Olá' } });
    await bench.settle();
    const [message] = bench.callback.messages() as unknown as readonly { readonly image: Json }[];
    expect(message?.image).toMatchObject({ caption: 'Olá', mime_type: 'image/jpeg', id: expect.any(String) });
    const file = await download(String(message?.image['url']));
    expect(Buffer.from(await file.arrayBuffer()).equals(JPEG)).toBe(true);
    await bench.control('POST', 'clock', { advance_ms: 7 * 86_400_000 });
    expect((await bench.graph('GET', String(message?.image['id']))).status).toBe(400);
  });

  it('forgets the oldest files when there is no more room', async () => {
    const small = await MetaBench.open({ mediaBytes: 1000 });
    const ids = [];
    for (let at = 0; at < 3; at += 1) {
      await small.control('POST', 'inbound', { from: PERSON, type: 'document', document: { bytes: 400 } });
      await small.settle();
      ids.push(String((small.callback.messages().at(-1)?.['document'] as Json)['id']));
    }
    const found = await Promise.all(ids.map(async (id) => (await small.graph('GET', id)).status));
    expect(found).toEqual([400, 200, 200]);
    await small.close();
  });
});
