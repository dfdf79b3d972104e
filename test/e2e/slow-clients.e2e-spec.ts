import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually } from '../support/eventually.js';
import type { HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const CLIENTS = 250;
const DRIP_MS = 1000;
/** Bodies may be slow for 30 s, headers for 15. */
const PATIENCE_MS = 60_000;
/** Nobody is cut off for being slow, only for being next to still. */
const UPLOAD = { pieces: 36, pieceBytes: 16_384, everyMs: 1000 };
const SLOW_HEAD = 'GET /health/live HTTP/1.1\r\nhost: localhost\r\nx-slow: ';
const SLOW_BODY =
  'POST /v1/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{';

describe('clients that send a byte now and then', () => {
  let test: TestApp;
  const open = new Set<Socket>();

  beforeAll(async () => {
    test = await createTestApp();
  });

  afterAll(async () => {
    for (const socket of open) socket.destroy();
    await test.close();
  });

  const drip = (beginning: string): void => {
    const { hostname, port } = new URL(test.url);
    const socket = connect(Number(port), hostname, () => socket.write(beginning));
    const timer = setInterval(() => socket.write(' '), DRIP_MS);
    open.add(socket);
    socket.resume();
    // Being cut off in the middle of a byte is what is waited for.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(timer);
      open.delete(socket);
    });
  };

  const upload = async (client: HttpClient): Promise<number> => {
    const form = (async function* pieces() {
      yield '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n';
      for (let i = 0; i < UPLOAD.pieces; i += 1) {
        yield 'a'.repeat(UPLOAD.pieceBytes);
        await sleep(UPLOAD.everyMs);
      }
      yield '\r\n--b--\r\n';
    })();
    const body = Readable.toWeb(Readable.from(form).map((text: string) => Buffer.from(text))) as ReadableStream;
    const headers = { ...client.headers, 'content-type': 'multipart/form-data; boundary=b' };
    const request = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
    return (await fetch(`${test.url}/v1/media`, request)).status;
  };

  it(
    'I6 are dropped, in their headers and in their bodies, while others are served and a slow upload ends well',
    async () => {
      const uploading = upload(await test.as('ADMIN'));
      for (let i = 0; i < CLIENTS; i += 1) {
        drip(SLOW_HEAD);
        drip(SLOW_BODY);
      }
      await sleep(2 * DRIP_MS);
      expect(open.size).toBe(2 * CLIENTS);
      await eventually(async () => {
        expect((await test.client.get('/health/live')).status).toBe(200);
        await sleep(200);
        return open.size === 0;
      }, PATIENCE_MS);
      expect(await uploading).toBe(201);
    },
    PATIENCE_MS + 20_000,
  );
});
