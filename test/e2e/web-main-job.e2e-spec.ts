import type { HttpClient } from '../support/http-client.js';
import { until } from '../support/report-log.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { BOB, describeWithChromium, ME, WebEngineBench } from '../support/web-engine-bench.js';

interface Detail {
  readonly status: string;
  readonly timeline: readonly { readonly status: string }[];
}

describeWithChromium('the main job on WhatsApp Web (e2e)', () => {
  let bench: WebEngineBench;
  let app: TestApp;
  let admin: HttpClient;

  beforeAll(async () => {
    bench = await WebEngineBench.create();
    app = await createTestApp({
      env: {
        WHATSAPP_DEFAULT_ENGINE: 'web',
        WHATSAPP_SESSION_PATH: bench.profiles,
        PUPPETEER_EXECUTABLE_PATH: bench.executablePath,
        CHROMIUM_SANDBOX: 'false',
        SESSION_RECONNECT_BASE_MS: '100',
      },
    });
    admin = await app.as('ADMIN');
  });

  afterAll(async () => {
    await app.close();
    await bench.cleanUp();
  });

  const status = async (): Promise<string> => {
    const { body } = await admin.get<{ data: { status: string } }>('/whatsapp/connection-status');
    return body.data.status;
  };

  it('links a number by the QR that it shows', async () => {
    const qr = await admin.get<{ data: { qr: string } }>('/whatsapp/admin/qr-code');
    expect(qr.status).toBe(200);
    await bench.control.scan({ phone: ME, qr: qr.body.data.qr, pushname: 'Ada' });
    await until('READY', async () => (await status()) === 'READY');
  });

  it('sends, and follows the message until it is read', async () => {
    const accepted = await admin.post<{ id: string }>('/v1/messages', { to: `+${BOB}`, text: 'Hello' });
    expect(accepted.status).toBe(202);
    const read = async (): Promise<Detail> => (await admin.get<Detail>(`/v1/messages/${accepted.body.id}`)).body;
    await until('DELIVERED', async () => (await read()).status === 'DELIVERED');
    await bench.control.ack((await bench.control.sent())[0]?.id ?? '', 3);
    await until('READ', async () => (await read()).status === 'READ');
    expect((await read()).timeline.map((step) => step.status)).toEqual([
      'QUEUED',
      'SENDING',
      'SENT',
      'DELIVERED',
      'READ',
    ]);
    const answer = await admin.post('/whatsapp/send', { phone: `+${BOB}`, message: 'Now' });
    expect(answer.body).toEqual({ success: true, message: 'The message was sent.' });
    expect((await bench.control.sent()).map(({ body }) => body)).toEqual(['Hello', 'Now']);
  });

  it('stores what a contact writes', async () => {
    await bench.control.incoming({ phone: ME, from: BOB, body: 'Hi there' });
    const list = async (): Promise<readonly object[]> =>
      (await admin.get<{ data: readonly object[] }>('/v1/messages?direction=INBOUND')).body.data;
    await until('the message', async () => (await list()).length);
    expect(await list()).toMatchObject([{ text: 'Hi there', from: `+${BOB}`, status: 'RECEIVED' }]);
  });

  it('comes back by itself, without a QR, when its browser is killed', async () => {
    for (const pid of bench.browsers()) process.kill(pid, 'SIGKILL');
    await until('the loss', async () => (await status()) !== 'READY');
    await until('READY', async () => (await status()) === 'READY', 20_000);
    expect(bench.browsers().length).toBeGreaterThan(0);
  });

  it('shows that the phone has removed the device, and can be linked again', async () => {
    await bench.control.logout({ phone: ME });
    await until('the loss', async () => (await status()) !== 'READY');
    const qr = await admin.get<{ data: { qr: string } }>('/whatsapp/admin/qr-code');
    expect(qr.status).toBe(200);
    await bench.control.scan({ phone: ME, qr: qr.body.data.qr });
    await until('READY', async () => (await status()) === 'READY');
  });
});
