import type wweb from 'whatsapp-web.js';
import type { Stage } from './stage.ts';

const CODE_PHONE = '5511955550001';
const ANNA = '5511933330001';
const BERT = '5511933330002';

/** Accounts beside the first: linked by a code, and two that write to each other. */
export function furtherAccountSteps(at: () => { stage: Stage }): void {
  it('is linked by a pairing code in place of a QR', async () => {
    const { stage } = at();
    const mark = stage.mark();
    const pairWithPhoneNumber = { phoneNumber: CODE_PHONE, showNotification: true, intervalMs: 180_000 };
    const client = stage.client('code', { pairWithPhoneNumber });
    await client.initialize();
    const [code] = await stage.event('code', mark);
    expect(code).toMatch(/^[1-9A-Z]{8}$/);
    await expect(stage.control.pairCode({ code: 'ZZZZZZZZ' })).rejects.toMatchObject({ status: 404 });
    await stage.control.pairCode({ code: String(code) });
    await stage.event('ready', mark);
    expect(client.info.wid.user).toBe(CODE_PHONE);
    await client.destroy();
  });

  it('carries messages between two accounts', async () => {
    const { stage } = at();
    const anna = await linked(stage, 'a', ANNA);
    const bert = await linked(stage, 'b', BERT);
    const mark = stage.mark();
    const { id } = await anna.sendMessage(`${BERT}@c.us`, 'from A to B');
    const isRight = ({ body, from }: wweb.Message): boolean => body === 'from A to B' && from === `${ANNA}@c.us`;
    const hasAck = (wanted: number) => (message: wweb.Message, ack: number) =>
      message.id._serialized === id._serialized && ack === wanted;
    await stage.event('message', mark, isRight);
    await stage.event('message_ack', mark, hasAck(2));

    const chat = await bert.getChatById(`${ANNA}@c.us`);
    await chat.sendSeen();
    await stage.event('message_ack', mark, hasAck(3));
    await Promise.all([anna.destroy(), bert.destroy()]);
  });
}

async function linked(stage: Stage, id: string, phone: string): Promise<wweb.Client> {
  const mark = stage.mark();
  const client = stage.client(id);
  await client.initialize();
  await stage.control.scan({ phone, qr: await stage.scannableQr(mark) });
  await stage.event('ready', mark);
  return client;
}
