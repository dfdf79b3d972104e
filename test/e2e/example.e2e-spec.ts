import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Controller, Get, Module } from '@nestjs/common';

import { Public } from '../../src/modules/access/index.js';
import { eventually, eventuallyPasses } from '../support/eventually.js';
import { HttpClient } from '../support/http-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXAMPLE = join(ROOT, 'examples/orders');
const EMAIL = 'ada@example.org';
const PASSWORD = 'a plain long passphrase';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const environment = (port: number, dataDir: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  PORT: String(port),
  DATA_DIR: dataDir,
  LOG_LEVEL: 'error',
  WHATSAPP_DEFAULT_ENGINE: 'sandbox',
  ADMIN_EMAIL: EMAIL,
  ADMIN_PASSWORD: PASSWORD,
});

describe('the example application (e2e)', () => {
  let dataDir: string;
  let child: ChildProcess;
  let nobody: HttpClient;
  let admin: HttpClient;

  const signIn = async (): Promise<string | undefined> => {
    if (child.exitCode !== null) throw new Error(`The example ended with ${String(child.exitCode)}.`);
    const answer = await nobody
      .post<{ accessToken?: string }>('/v1/auth/login', { email: EMAIL, password: PASSWORD })
      .catch(() => undefined);
    return answer?.body.accessToken;
  };

  beforeAll(async () => {
    if (!existsSync(join(ROOT, 'dist/index.js'))) throw new Error('Build first: npm run prepare:all.');
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', EXAMPLE], {
      stdio: 'inherit',
    });
    dataDir = await mkdtemp(join(tmpdir(), 'waypost-example-'));
    const port = await freePort();
    child = spawn(process.execPath, [join(EXAMPLE, 'dist/main.js')], {
      cwd: dataDir,
      env: environment(port, dataDir),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    nobody = new HttpClient(`http://127.0.0.1:${String(port)}`);
    admin = nobody.withToken(await eventually(signIn, 60_000));
  }, 120_000);

  afterAll(async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    expect(child.exitCode).toBe(0);
    await rm(dataDir, { recursive: true, force: true });
  });

  it('refuses to take an order from a stranger', async () => {
    expect((await nobody.post('/orders', { phone: '+12025550110', item: 'a cake' })).status).toBe(401);
  });

  it('names every bad field of an order', async () => {
    const answer = await admin.post<{ errors: readonly { pointer: string }[] }>('/orders', { phone: 'x', size: 1 });
    expect(answer.status).toBe(400);
    const pointers = answer.body.errors.map(({ pointer }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['#/phone', '#/item', '#/size']));
  });

  it('sends the confirmation of an order through WhatsAppService and hears that it was sent', async () => {
    await admin.get('/whatsapp/admin/qr-code');
    await admin.post('/v1/sandbox/default/scan');
    await eventuallyPasses(async () => {
      expect((await admin.get('/whatsapp/is-authenticated')).body).toMatchObject({ data: { authenticated: true } });
    });

    const placed = await admin.post<{ id: string }>('/orders', { phone: '+12025550110', item: 'a cake' });
    expect(placed.status).toBe(201);

    const { body } = await admin.get<{ data: readonly { text: string; to: string }[] }>('/v1/sandbox/default/outbox');
    expect(body.data).toHaveLength(1);
    expect(body.data[0]).toMatchObject({ text: 'Your order is on its way: a cake.' });
    const order = await admin.get(`/orders/${placed.body.id}`);
    expect(order.body).toMatchObject({ item: 'a cake', confirmedAt: expect.stringMatching(/Z$/) });
  });

  it('answers an error of its own as a problem document', async () => {
    const answer = await admin.get('/orders/99');
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'order-not-found' });
  });
});

@Controller('guest')
class GuestController {
  @Get('open')
  @Public()
  open(): { open: true } {
    return { open: true };
  }

  @Get('forgotten')
  forgotten(): { open: true } {
    return { open: true };
  }
}

@Module({ controllers: [GuestController] })
class GuestModule {}

describe('a route of another application (e2e)', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createTestApp({ modules: [GuestModule] });
  });

  afterAll(() => app.close());

  it('is closed to everybody unless it states its rule', async () => {
    const admin = await app.as('ADMIN');
    expect((await admin.get('/guest/forgotten')).status).toBe(403);
    expect((await app.client.get('/guest/forgotten')).status).toBe(401);
    expect((await app.client.get('/guest/open')).status).toBe(200);
  });
});
