import { sleep, until } from '../support/report-log.js';
import { BOB, describeWithChromium, ME, sendText, WebEngineBench } from '../support/web-engine-bench.js';

describeWithChromium('the QR of a web session', () => {
  let bench: WebEngineBench;

  beforeAll(async () => {
    bench = await WebEngineBench.create();
  });
  afterEach(() => bench.reset());
  afterAll(() => bench.cleanUp());

  it('P5: gives new QR codes on request when WhatsApp has used up its own', async () => {
    await bench.control.config({ qrFirstMs: 400, qrNextMs: 200, qrCount: 3 });
    const { handle, log } = await bench.open(bench.engine());
    await until('the last QR', () => log.qrs.length === 3);
    await until('the end of the references', async () => (await bench.control.sessions())[0]?.idle);
    await sleep(600);
    expect(log.names).toEqual(['qr', 'qr', 'qr']);
    await bench.control.config({ qrFirstMs: 20_000 });
    await handle.refreshQr();
    await until('a QR of a new reference', () => log.qrs.length > 3);
    await bench.control.scan({ phone: ME, qr: log.qrs.at(-1) });
    await until('ready', () => log.readies.length);
  });

  it('P6: reports no QR of empty parts during a login', async () => {
    await bench.control.config({ clearRefOnLogin: true });
    const { log } = await bench.openReady(bench.engine());
    await sleep(200);
    expect(log.qrs).toHaveLength(1);
    expect(log.qrs[0]).toMatch(/^2@[^,]+(,[^,]+){4,}$/);
  });

  it('P7: reports everything once, however often the page navigates or synchronises', async () => {
    await bench.control.config({ qrFirstMs: 900, qrNextMs: 400, qrCount: 20 });
    const { handle, log } = await bench.open(bench.engine());
    await until('a QR', () => log.qrs.length);
    await bench.control.pushstate({ unpaired: true });
    await bench.control.pushstate({ unpaired: true });
    await until('two further QR codes', () => log.qrs.length >= 3);
    expect(new Set(log.qrs).size).toBe(log.qrs.length);
    await bench.control.scan({ phone: ME, qr: log.qrs.at(-1) });
    await until('ready', () => log.readies.length);
    await bench.control.resync({ phone: ME });
    await bench.control.pushstate({ phone: ME });
    await sleep(400);
    expect([log.count('authenticated'), log.count('ready')]).toEqual([1, 1]);

    const { providerMessageId } = await sendText(handle, 'once');
    await bench.control.incoming({ phone: ME, from: BOB, body: 'once too' });
    await until('both', () => log.messages.length > 0 && log.levels(providerMessageId).includes('DELIVERED'));
    await sleep(200);
    expect(log.messages).toHaveLength(1);
    expect(log.levels(providerMessageId)).toEqual(['SENT', 'DELIVERED']);
  });

  it('Q5: shows no QR of a page whose number was unlinked', async () => {
    await bench.control.config({ logoutMode: 'unpaired+navigate' });
    const { log } = await bench.openReady(bench.engine());
    const before = log.qrs.length;
    await bench.control.logout({ phone: ME });
    await until('the loss', () => log.losses.length);
    await sleep(400);
    expect(log.qrs).toHaveLength(before);
    expect(log.names.at(-1)).toBe('lost');
    await expect(bench.control.sessions()).resolves.toEqual([]);
  });

  it('gives no QR for a number that is linked', async () => {
    const { handle } = await bench.openReady(bench.engine());
    await expect(handle.refreshQr()).rejects.toThrow('No QR is shown');
  });
});
