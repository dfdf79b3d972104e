import { createServer } from 'node:http';
import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

import { eventually } from '../support/eventually.js';
import type { Answer, HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const BOUNDARY = 'x-boundary';

interface Media {
  readonly id: string;
  readonly mimeType: string;
  readonly size: number;
  readonly sha256: string;
  readonly fileName: string | null;
  readonly code?: string;
}

const form = (bytes: Buffer, { field = 'file', name = 'a.png' } = {}): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\n`),
      Buffer.from('Content-Type: image/jpeg\r\n\r\n'),
      bytes,
      Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
    ]),
  );

describe('media (e2e)', () => {
  let app: TestApp;
  let operator: HttpClient;
  const images = createServer((incoming, response) => {
    if (incoming.url === '/cut') {
      response.writeHead(200, { 'content-length': String(PNG.length) });
      response.write(PNG.subarray(0, PNG.length / 2));
      setTimeout(() => response.destroy(), 20);
    } else if (incoming.url === '/missing') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/html' }).end(PNG);
  });
  let imageUrl: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => images.listen(0, '127.0.0.1', resolve));
    const { port } = images.address() as { readonly port: number };
    imageUrl = `http://127.0.0.1:${String(port)}`;
    app = await createTestApp({ env: { EGRESS_ALLOWED_HOSTS: `127.0.0.1:${String(port)}` } });
    operator = await app.as('OPERATOR');
  });
  afterAll(async () => {
    images.close();
    await app.close();
  });

  const upload = (body: Uint8Array<ArrayBuffer>, client = operator): Promise<Answer<Media>> =>
    client.call('/v1/media', {
      method: 'POST',
      rawBody: body,
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    });
  const filesIn = (folder: string): string[] => {
    const path = join(app.dataDir, 'media', folder);
    return existsSync(path)
      ? readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((one) => one.isFile())
          .map(({ name }) => name)
      : [];
  };

  it('keeps what is uploaded once, and believes the bytes', async () => {
    const first = await upload(form(PNG));
    expect([first.status, first.body.mimeType, first.body.size]).toEqual([201, 'image/png', PNG.length]);
    const second = await upload(form(PNG));
    expect(second.body.sha256).toBe(first.body.sha256);
    expect(filesIn('blobs')).toEqual([first.body.sha256]);
    expect((await operator.delete(`/v1/media/${first.body.id}`)).status).toBe(204);
    expect(filesIn('blobs')).toHaveLength(1);
    expect((await operator.delete(`/v1/media/${second.body.id}`)).status).toBe(204);
    expect(filesIn('blobs')).toEqual([]);
  });

  it.each([
    ['HTML', '<html><script>alert(1)</script></html>'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['a program', 'MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff'],
  ])('I11 I13 %s that is said to be an image is bytes, and an attachment', async (_what, text) => {
    const { body } = await upload(form(Buffer.from(text, 'latin1'), { name: 'picture.jpg' }));
    expect(body.mimeType).toBe('application/octet-stream');
    const answer = await operator.get(`/v1/media/${body.id}`);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    const sent = await operator.post<Media>('/v1/messages', { to: '+12025550110', image: { mediaId: body.id } });
    expect([sent.status, sent.body.code]).toEqual([422, 'media-unsuitable']);
  });

  it.each(['../../../etc/passwd', '..\\..\\x', '/etc/passwd', 'a\u202egnp.exe', 'CON', 'x'.repeat(255)])(
    'I10 a file name %j is a name and no path',
    async (name) => {
      const { status, body } = await upload(form(PNG, { name }));
      expect(status).toBe(201);
      expect(body.fileName).not.toMatch(/[\\/\u202e]/);
    },
  );

  it('I12 refuses forms that are none, and leaves nothing of them', async () => {
    const before = filesIn('blobs').length;
    const cases: readonly (readonly [string, Uint8Array<ArrayBuffer> | string])[] = [
      [`multipart/form-data; boundary=${BOUNDARY}`, form(PNG, { field: 'other' })],
      [`multipart/form-data; boundary=${BOUNDARY}`, form(PNG).slice(0, 150)],
      [`multipart/form-data; boundary=${BOUNDARY}`, ''],
      ['multipart/form-data', form(PNG)],
      ['application/json', '{}'],
      [
        `multipart/form-data; boundary=${BOUNDARY}`,
        new Uint8Array(
          Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n`.repeat(10_000)),
        ),
      ],
    ];
    for (const [type, rawBody] of cases) {
      const { status } = await operator.call('/v1/media', {
        method: 'POST',
        rawBody,
        headers: { 'content-type': type },
      });
      expect([type, status]).toEqual([type, expect.any(Number)]);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    expect(filesIn('blobs')).toHaveLength(before);
    await eventually(() => filesIn('incoming').length === 0);
  });

  it('I12 an upload that is aborted leaves no file, wherever it was cut', async () => {
    const { accessToken } = await app.person('OPERATOR');
    const body = form(Buffer.alloc(300_000, 1));
    for (let i = 1; i <= 20; i += 1) {
      await new Promise<void>((resolve) => {
        const headers = {
          'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
          'content-length': String(body.length),
          authorization: `Bearer ${accessToken}`,
        };
        const call = request(`${app.url}/v1/media`, { method: 'POST', headers });
        call.on('error', () => undefined).on('close', resolve);
        call.write(body.slice(0, Math.floor((body.length * i) / 21)), () => setTimeout(() => call.destroy(), 10));
      });
    }
    await eventually(() => filesIn('incoming').length === 0);
    expect((await operator.get('/health/live')).status).toBe(200);
  });

  it('S7 I9 fetches by address through the guarded client, and by no other way', async () => {
    const send = (image: object): Promise<Answer<Media>> =>
      operator.post('/v1/messages', { to: '+12025550110', image });
    expect((await send({ url: `${imageUrl}/a.png` })).status).toBe(202);
    expect((await send({ url: `${imageUrl}/missing` })).body.code).toBe('media-unsuitable');
    for (const url of ['file:///etc/passwd', 'http://127.0.0.1:22/', 'http://[::1]:8080/', 'http://169.254.169.254/']) {
      expect((await send({ url })).status).toBe(400);
    }
    for (const image of [{ filepath: '/etc/passwd' }, { file: { path: '/etc/passwd' } }, { buffer: 'aa' }]) {
      expect((await send(image)).status).toBe(400);
    }
  });

  it('F23 what is cut off on its way is not kept', async () => {
    const before = filesIn('blobs').length;
    const answer = await operator.post<Media>('/v1/messages', {
      to: '+12025550110',
      image: { url: `${imageUrl}/cut` },
    });
    expect([answer.status, answer.body.code]).toEqual([422, 'url-unreachable']);
    expect(filesIn('blobs')).toHaveLength(before);
    expect(filesIn('incoming')).toEqual([]);
  });

  it('A3 is not there for whoever was not granted its session, and needed files stay', async () => {
    const { body } = await upload(form(PNG));
    const stranger = (await app.addPerson('OPERATOR', ['somebody-elses'])).client;
    for (const path of [`/v1/media/${body.id}`, `/v1/media/${body.id}/info`])
      expect((await stranger.get(path)).status).toBe(404);
    expect((await stranger.delete(`/v1/media/${body.id}`)).status).toBe(404);
    const later = { to: '+12025550110', image: { mediaId: body.id }, scheduledAt: new Date(Date.now() + 3_600_000) };
    expect((await operator.post('/v1/messages', later)).status).toBe(202);
    expect((await operator.delete(`/v1/media/${body.id}`)).status).toBe(409);
  });

  it('cleans up what nobody needs any more, and tells before what that would be', async () => {
    const admin = await app.as('ADMIN');
    const { body } = await upload(form(Buffer.from('old')));
    await app.query("UPDATE media SET used_at = now() - interval '30 days' WHERE id = $1", [body.id]);
    expect((await admin.post('/v1/media/cleanup', {})).body).toMatchObject({ dryRun: true, files: 1, bytes: 3 });
    expect((await operator.get(`/v1/media/${body.id}/info`)).status).toBe(200);
    expect((await admin.post('/v1/media/cleanup', { dryRun: false })).body).toMatchObject({ files: 1 });
    expect((await operator.get(`/v1/media/${body.id}/info`)).status).toBe(404);
  });
});
