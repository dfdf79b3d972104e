import { setTimeout as sleep } from 'node:timers/promises';
import type wweb from 'whatsapp-web.js';
import { SimControlError } from '../index.ts';
import { BOB, BOB_CHAT, ME, type Stage, UNREGISTERED } from './stage.ts';

const IDLE_WAIT_MS = 2500;

/** From nothing to a linked account that can look up numbers. */
export function linkingSteps(at: () => { stage: Stage; client: wweb.Client }): void {
  it('shows a QR after initialize()', async () => {
    const { stage, client } = at();
    await client.initialize();
    await stage.event('qr', 0);
  });

  it('makes a QR of five fields, the one that the page shows', async () => {
    const { stage } = at();
    const qr = await stage.scannableQr();
    const [page] = await stage.control.sessions();
    expect(qr.split(',')).toHaveLength(5);
    expect(page?.qr).toBe(qr);
  });

  it('renews the QR', async () => {
    const { stage } = at();
    await stage.until('the third QR', () => stage.all('qr').length >= 3);
  });

  it('refuses a QR that has expired', async () => {
    const { stage } = at();
    const [oldest] = stage.all('qr');
    const scan = stage.control.scan({ phone: ME, qr: String(oldest?.values[0]) });
    await expect(scan).rejects.toMatchObject({ name: SimControlError.name, status: 410 });
  });

  it('is idle when the references are used up', async () => {
    const { stage, client } = at();
    const state = (): Promise<unknown> =>
      client.pupPage?.evaluate("window.require('WAWebSocketModel').Socket.state") ?? Promise.resolve();
    await stage.until('UNPAIRED_IDLE', async () => (await state()) === 'UNPAIRED_IDLE');
  });

  it('gets no QR from the library by itself after that: a known defect', async () => {
    const { stage } = at();
    const mark = stage.mark();
    await sleep(IDLE_WAIT_MS);
    expect(stage.saw('qr', mark)).toBe(false);
  });

  it('shows a new QR when it is asked to refresh', async () => {
    const { stage, client } = at();
    const mark = stage.mark();
    await client.pupPage?.evaluate("void window.require('WAWebLaunchSocketUtils').refreshQR()");
    await stage.event('qr', mark);
  });

  it('is authenticated and ready after the scan', async () => {
    const { stage, client } = at();
    const mark = stage.mark();
    await stage.control.scan({ phone: ME, qr: await stage.scannableQr(), pushname: 'Demo Account' });
    await stage.event('authenticated', mark);
    await stage.event('ready', mark);
    expect(client.info.wid._serialized).toBe(`${ME}@c.us`);
    expect(client.info.pushname).toBe('Demo Account');
  });

  it('has the state CONNECTED', async () => {
    await expect(at().client.getState()).resolves.toBe('CONNECTED');
  });

  it('finds a registered number', async () => {
    const id = await at().client.getNumberId(BOB);
    expect(id?._serialized).toBe(BOB_CHAT);
  });

  it('does not find an unregistered number', async () => {
    const { client } = at();
    await expect(client.getNumberId(UNREGISTERED)).resolves.toBeNull();
    await expect(client.isRegisteredUser(UNREGISTERED)).resolves.toBe(false);
  });
}
