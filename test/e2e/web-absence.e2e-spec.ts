import type { HttpClient } from '../support/http-client.js';
import { connectionStatus, untilStatus } from '../support/linked-app.js';
import { until } from '../support/report-log.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { BOB, describeWithChromium, ME, WebEngineBench } from '../support/web-engine-bench.js';

const MESSAGES = 1000;
const CAROL = '5511933333333';

interface Stored {
  readonly sender: string;
  readonly text: string;
}

describeWithChromium('a number that was away (e2e)', () => {
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
      },
    });
    admin = await app.as('ADMIN');
    const qr = await admin.get<{ data: { qr: string } }>('/whatsapp/admin/qr-code');
    await bench.control.scan({ phone: ME, qr: qr.body.data.qr, pushname: 'Ada' });
    await untilStatus(admin, 'READY', 30_000);
  }, 60_000);

  afterAll(async () => {
    await app.close();
    await bench.cleanUp();
  });

  const stored = (): Promise<readonly Stored[]> =>
    app.query<Stored>("SELECT sender, text FROM message WHERE direction = 'INBOUND' ORDER BY seq");

  it('F10 stores the 1,000 messages that came meanwhile once, in order for each contact', async () => {
    await admin.post('/whatsapp/disconnect');
    await until('the end of the browser', () => bench.browsers().length === 0);
    await bench.control.incomingBurst({ phone: ME, from: BOB, body: 'bob', count: MESSAGES / 2 });
    await bench.control.incomingBurst({ phone: ME, from: CAROL, body: 'carol', count: MESSAGES / 2 });
    expect(await connectionStatus(admin)).toBe('DISCONNECTED');

    await admin.post('/whatsapp/reconnect', {});
    await untilStatus(admin, 'READY', 30_000);
    await until('the messages', async () => (await stored()).length >= MESSAGES, 60_000);

    const messages = await stored();
    expect(messages).toHaveLength(MESSAGES);
    for (const contact of [BOB, CAROL]) {
      const texts = messages.filter(({ sender }) => sender === `+${contact}`).map(({ text }) => text);
      const places = texts.map((text) => Number(/\d+/.exec(text)?.[0] ?? NaN));
      expect(places).toHaveLength(MESSAGES / 2);
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(new Set(places).size).toBe(MESSAGES / 2);
    }
  }, 120_000);
});
