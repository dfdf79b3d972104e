import { X509Certificate } from 'node:crypto';
import { get } from 'node:https';
import { type RunningSim, SimControl, type SimConfig, startSim } from './index.ts';
import { selfSignedCertificate } from './server/certificate.ts';
import type { PageDevice } from './server/page-protocol.ts';
import { aDevice, FakePage } from './spec/fake-page.ts';

const ME = '5511900000001';
const BOB = '5511911111111';

let sim: RunningSim;
let control: SimControl;
const pages: FakePage[] = [];

async function start(config: Partial<SimConfig> = {}): Promise<void> {
  sim = await startSim({ config: { pairDelayMs: 0, rpcMs: 0, serverAckMs: 0, deviceAckMs: 10, ...config } });
  control = new SimControl(sim.control);
}

async function aPage(device?: PageDevice): Promise<FakePage> {
  const page = await FakePage.open(sim.tlsPort, device ?? aDevice());
  pages.push(page);
  return page;
}

async function aLinkedPage(phone = ME, deviceId = `device-of-${phone}`): Promise<FakePage> {
  const page = await aPage(aDevice({ deviceId, secret: 'secret', phone }));
  await page.hear('login-ok');
  return page;
}

function aMessage(id = 'A1'): object {
  const key = `true_${BOB}@c.us_${id}`;
  return { chat: `${BOB}@c.us`, msg: { id: key, type: 'chat', from: `${ME}@c.us`, to: `${BOB}@c.us`, t: 1, ack: 0 } };
}

afterEach(async () => {
  for (const page of pages.splice(0)) page.close();
  await sim.close();
});

describe('linking', () => {
  it('renews the reference until none is left, and begins again when asked', async () => {
    await start({ qrFirstMs: 60, qrNextMs: 30, qrCount: 3 });
    const page = await aPage();
    await page.hear('idle');
    expect(page.heard.filter(({ t }) => t === 'ref').map((frame) => 'ttl' in frame && frame.ttl)).toEqual([60, 30, 30]);
    await page.ask('refreshQR', {});
    expect(page.heard.filter(({ t }) => t === 'ref')).toHaveLength(4);
  });

  it('accepts the QR that is shown, once, and no other', async () => {
    await start();
    const page = await aPage();
    const { ref } = await page.hear('ref');
    const qr = `${ref},noise,identity,adv,1`;
    await expect(control.scan({ phone: ME, qr: `${ref},other,identity,adv,1` })).rejects.toMatchObject({ status: 400 });
    await expect(control.scan({ phone: ME, qr: '2@unknown,,,,1' })).rejects.toMatchObject({ status: 410 });
    await control.scan({ phone: ME, qr });
    expect((await page.hear('pair-success')).phone).toBe(ME);
    await expect(control.scan({ phone: ME, qr })).rejects.toMatchObject({ status: 410 });
  });

  it('lets a pairing code in once', async () => {
    await start();
    const page = await aPage();
    const { code } = (await page.ask('pairCode', { phone: ME })) as { code: string };
    await control.pairCode({ code: `${code.slice(0, 4)}-${code.slice(4).toLowerCase()}` });
    await expect(control.pairCode({ code })).rejects.toMatchObject({ status: 404 });
  });

  it('moves the device to the page that has opened it last', async () => {
    await start();
    const earlier = await aLinkedPage();
    await aLinkedPage();
    await earlier.hear('conflict');
    expect(await earlier.closed()).toBe(4409);
  });

  it('refuses a device that the phone has removed while it was away', async () => {
    await start();
    (await aLinkedPage()).close();
    await control.wait({ type: 'page-closed', since: 0 });
    await control.logout({ phone: ME, mode: 'unpaired' });
    const page = await aPage(aDevice({ deviceId: `device-of-${ME}`, secret: 'secret', phone: ME }));
    expect(await page.hear('logged-out')).toMatchObject({ reason: 'device_removed', mode: 'unpaired' });
  });
});

describe('messages', () => {
  it('gives acks in order, and counts a message that comes again once', async () => {
    await start();
    const page = await aLinkedPage();
    await Promise.all([page.ask('send', aMessage()), page.ask('send', aMessage())]);
    await page.hear('ack', ({ ack }) => ack === 2);
    expect(await control.sent({ phone: ME })).toMatchObject([{ toPhone: BOB, ack: 2 }]);
    expect(await control.events({ type: 'sent' })).toHaveLength(1);
  });

  it('keeps a message for the next login until the page has confirmed it', async () => {
    await start();
    const page = await aLinkedPage();
    const { id } = await control.incoming({ from: BOB, body: 'hello' });
    page.close();
    await control.wait({ type: 'page-closed', since: 0 });
    const next = await aLinkedPage();
    expect((await next.hear('login-ok')).offline).toMatchObject([{ id, body: 'hello' }]);
    next.say({ t: 'delivered', id });
    await expect(next.ask('getMsg', { id })).resolves.toMatchObject({ id });
    expect((await control.accounts())[0]?.offline).toBe(0);
  });

  it('delivers the same id twice, and stores it once', async () => {
    await start();
    const page = await aLinkedPage();
    await control.incoming({ from: BOB, body: 'hello', id: 'SAME' });
    expect(await control.incoming({ from: BOB, body: 'hello', id: 'SAME' })).toMatchObject({ duplicate: true });
    await page.ask('getMsg', { id: 'none' });
    expect(page.heard.filter(({ t }) => t === 'message')).toHaveLength(2);
    expect((await control.accounts())[0]?.messages).toBe(1);
  });

  it('hides numbers behind LIDs when told to', async () => {
    await start({ lidMode: true });
    const page = await aLinkedPage();
    await control.incoming({ from: BOB, body: 'hello' });
    const { msg } = await page.hear('message');
    expect(msg.from).toMatch(/^\d{15}@lid$/);
    expect(msg.pn).toBe(`${BOB}@c.us`);
    expect(await page.ask('contact', { id: msg.from })).toMatchObject({ phoneNumber: `${BOB}@c.us` });
  });
});

describe('faults', () => {
  it('fails as often as planned, for the phone that is meant', async () => {
    await start();
    const page = await aLinkedPage();
    await control.fail({ op: 'send', mode: 'error', phone: '5511900000009' });
    await control.fail({ op: 'send', mode: 'error', message: 'NO', count: 1, phone: ME });
    expect(await page.ask('send', aMessage('A1'))).toEqual({ error: 'NO' });
    expect(await page.ask('send', aMessage('A2'))).toMatchObject({ uncached: false });
  });

  it('accepts a message silently and forgets it', async () => {
    await start();
    const page = await aLinkedPage();
    await control.fail({ op: 'send', mode: 'silent' });
    expect(await page.ask('send', aMessage())).toEqual({ silent: true });
    expect(await control.sent()).toEqual([]);
  });

  it('keeps a device off the network until it is restored', async () => {
    await start();
    const page = await aLinkedPage();
    await control.dropConnection({ phone: ME });
    await page.closed();
    const refused = await aPage(aDevice({ deviceId: `device-of-${ME}`, secret: 'secret', phone: ME }));
    expect(await refused.closed()).toBe(4503);
    await control.restoreConnection();
    await aLinkedPage();
  });

  it('passes the disturbances on to the page', async () => {
    await start();
    const page = await aLinkedPage();
    await control.hang({ phone: ME, ms: 5 });
    await control.resync({ phone: ME });
    await control.pushstate({ phone: ME });
    await control.reload({ phone: ME });
    await control.oom({ phone: ME });
    await control.state({ phone: ME, state: 'TIMEOUT' });
    await page.hear('state', ({ state }) => state === 'TIMEOUT');
    const orders = page.heard.map(({ t }) => t).slice(-6);
    expect(orders).toEqual(['hang', 'resync', 'pushstate', 'reload', 'oom', 'state']);
  });
});

describe('the control API', () => {
  it('refuses settings and routes that do not exist', async () => {
    await start();
    await expect(control.config({ noSuchSetting: 1 } as Partial<SimConfig>)).rejects.toMatchObject({ status: 400 });
    expect((await fetch(`${sim.control}/control/nothing`)).status).toBe(404);
  });

  it('goes back to the settings that it was started with', async () => {
    await start({ qrCount: 2 });
    await control.config({ qrCount: 9, lidMode: true });
    expect(sim.config).toMatchObject({ qrCount: 9, lidMode: true });
    await control.resetConfig();
    expect(sim.config).toMatchObject({ qrCount: 2, lidMode: false });
  });

  it('asks which page is meant when there are two', async () => {
    await start();
    await aLinkedPage();
    await aLinkedPage('5511900000002');
    await expect(control.reload()).rejects.toMatchObject({ status: 409 });
    await expect(control.reload({ phone: '5511900000003' })).rejects.toMatchObject({ status: 404 });
  });

  it('stops waiting for what does not happen', async () => {
    await start();
    await expect(control.wait({ type: 'never', timeoutMs: 30 })).rejects.toMatchObject({ status: 408 });
  });
});

describe('delivery', () => {
  it('holds the page back while the load is stalled, and lets it go empty', async () => {
    await start({ stallLoad: true });
    const script = load('/sim/app.js');
    await control.wait({ type: 'load-stalled', since: 0 });
    await control.config({ stallLoad: false });
    expect(await script).toEqual({ status: 200, body: '' });
    expect((await load('/sim/app.js')).body).toContain('"syncDelayMs":500');
    await control.config({ httpStatus: 503 });
    expect((await load('/')).status).toBe(503);
  });

  it('signs a certificate for the hosts of WhatsApp', async () => {
    await start();
    const certificate = new X509Certificate(selfSignedCertificate().cert);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkHost('web.whatsapp.com')).toBe('web.whatsapp.com');
    expect(certificate.checkHost('mmg.whatsapp.net')).toBe('*.whatsapp.net');
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
  });
});

function load(path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${String(sim.tlsPort)}${path}`;
    get(url, { rejectUnauthorized: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    }).on('error', reject);
  });
}
