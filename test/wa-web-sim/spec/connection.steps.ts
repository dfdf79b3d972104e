import { setTimeout as sleep } from 'node:timers/promises';
import type wweb from 'whatsapp-web.js';
import { BOB, BOB_CHAT, ME, type Stage } from './stage.ts';

const OFFLINE_MS = 1500;
const DUPLICATES_MS = 500;
const LOGOUT_MS = 1500;

interface Scene {
  readonly stage: Stage;
  readonly client: wweb.Client;
  /** A new client on the same profile, which takes the place of the one before. */
  readonly renew: () => wweb.Client;
}

/** The connection breaks, the page reloads, the process ends and starts again, the account is unlinked. */
export function connectionSteps(at: () => Scene): void {
  it('survives a lost connection: queues what is sent, gets what has arrived', async () => {
    const { stage, client } = at();
    const mark = stage.mark();
    await stage.control.dropConnection({ phone: ME, ms: OFFLINE_MS });
    await stage.event('change_state', mark, (state) => state === 'TIMEOUT');
    const sending = client.sendMessage(BOB_CHAT, 'while offline');
    await stage.control.incoming({ phone: ME, from: BOB, body: 'sent while you were offline' });
    const message = await sending;
    await stage.event('change_state', mark, (state) => state === 'CONNECTED');
    await isSent(stage, mark, message);
    await stage.event('message', mark, ({ body }: wweb.Message) => body === 'sent while you were offline');
    expect(stage.saw('disconnected', mark)).toBe(false);
    expect((await stage.control.sent()).filter(({ body }) => body === 'while offline')).toHaveLength(1);
  });

  it('is ready again after the page has reloaded itself', async () => {
    const { stage, client } = at();
    const mark = stage.mark();
    await stage.control.reload({ phone: ME });
    await stage.event('ready', mark);
    await isSent(stage, mark, await client.sendMessage(BOB_CHAT, 'after reload'));
  });

  it('ends with destroy()', async () => {
    const { stage, client } = at();
    await client.destroy();
    await stage.until('the page to go', async () => (await stage.control.sessions()).length === 0);
  });

  it('has a message waiting that comes while the process is down', async () => {
    const arrival = await at().stage.control.incoming({ phone: ME, from: BOB, body: 'while you were down' });
    expect(arrival.online).toBe(false);
  });

  it('is ready without a QR on the same profile, and has the message', async () => {
    const { stage, renew } = at();
    const mark = stage.mark();
    const client = renew();
    await client.initialize();
    await stage.event('ready', mark);
    expect(stage.saw('qr', mark, (text) => String(text).startsWith('2@'))).toBe(false);
    const chat = await client.getChatById(BOB_CHAT);
    const bodies = (await chat.fetchMessages({ limit: 50 })).map(({ body }) => body);
    expect(bodies).toContain('while you were down');
  });

  it('is disconnected with CONFLICT when the device is opened elsewhere', async () => {
    const { stage, client } = at();
    const mark = stage.mark();
    await stage.control.conflict({ phone: ME });
    await stage.event('disconnected', mark, (reason) => reason === 'CONFLICT');
    await stage.until('the browser to end', () => stage.hasEnded(client));
  });

  it('starts again after the conflict', async () => {
    const { stage, renew } = at();
    const mark = stage.mark();
    await renew().initialize();
    await stage.event('ready', mark);
    expect(stage.saw('qr', mark, (text) => String(text).startsWith('2@'))).toBe(false);
  });

  unlinkingSteps(at);
}

function unlinkingSteps(at: () => Scene): void {
  it('is disconnected with UNPAIRED', async () => {
    const { stage, client } = at();
    const mark = stage.mark();
    await stage.control.logout({ phone: ME, mode: 'unpaired' });
    await stage.event('disconnected', mark, (reason) => reason === 'UNPAIRED');
    await stage.until('the browser to end', () => stage.hasEnded(client));
  });

  it('is linked again by a new QR after that', async () => {
    const { stage, renew } = at();
    const mark = stage.mark();
    await renew().initialize();
    await stage.control.scan({ phone: ME, qr: await stage.scannableQr(mark) });
    await stage.event('ready', mark);
  });

  it('is disconnected with LOGOUT by the phone, and shows a QR in the same client', async () => {
    const { stage } = at();
    const mark = stage.mark();
    await stage.control.logout({ phone: ME });
    await stage.event('disconnected', mark, (reason) => reason === 'LOGOUT');
    await stage.event('qr', mark);
    await sleep(DUPLICATES_MS);
  });

  it('is ready when that QR is scanned', async () => {
    const { stage, client } = at();
    const mark = stage.mark();
    const [page] = await stage.control.sessions();
    await stage.control.scan({ phone: ME, qr: page?.qr ?? '' });
    await stage.event('ready', mark);
    await isSent(stage, mark, await client.sendMessage(BOB_CHAT, 'after relink'));
  });

  it('removes the linked device with logout()', async () => {
    const { stage, client } = at();
    // It may reject, because the page navigates away beneath it: what counts is what it leaves.
    await client.logout().catch(() => undefined);
    await sleep(LOGOUT_MS);
    const account = (await stage.control.accounts()).find(({ phone }) => phone === ME);
    expect(account?.devices).toBe(0);
    await client.destroy().catch(() => undefined);
  });
}

async function isSent(stage: Stage, mark: number, { id }: wweb.Message): Promise<void> {
  const fits = (message: wweb.Message, ack: number): boolean => message.id._serialized === id._serialized && ack >= 1;
  await stage.event('message_ack', mark, fits);
}
