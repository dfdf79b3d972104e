import { createHash, randomBytes } from 'node:crypto';
import wweb from 'whatsapp-web.js';
import { BOB_CHAT, type Stage, UNREGISTERED } from './stage.ts';

/** A red dot of 10 by 10 pixels. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

/** Everything that the account sends, and how far it gets. */
export function sendingSteps(at: () => { stage: Stage; client: wweb.Client; first: FirstMessage }): void {
  it('sends a text: message_create, ack 1, ack 2', async () => {
    const { stage, client, first } = at();
    const mark = stage.mark();
    first.message = await client.sendMessage(BOB_CHAT, 'hello from demo');
    const id = first.message.id._serialized;
    await stage.event('message_create', mark, (message: wweb.Message) => message.id._serialized === id);
    for (const ack of [1, 2]) {
      await stage.event('message_ack', mark, (m: wweb.Message, got) => m.id._serialized === id && got === ack);
    }
    expect(await stage.control.sent({ id })).toMatchObject([{ body: 'hello from demo' }]);
  });

  it('hears of the read receipt', async () => {
    const { stage, first } = at();
    const mark = stage.mark();
    await stage.control.ack(first.message.id._serialized, 3);
    await stage.event('message_ack', mark, (_message, ack) => ack === 3);
  });

  it('fails to send to an unregistered number', async () => {
    await expect(at().client.sendMessage(`${UNREGISTERED}@c.us`, 'x')).rejects.toThrow('No LID for user');
  });

  it('fails to send to what is no address', async () => {
    await expect(at().client.sendMessage('not-a-jid', 'x')).rejects.toThrow('invalid wid');
  });

  it('sends an image with a caption', async () => {
    const image = new wweb.MessageMedia('image/png', PNG, 'dot.png');
    const record = await sendFile(at(), image, { caption: 'a caption' });
    expect(record).toMatchObject({ type: 'image', caption: 'a caption' });
  });

  it('sends a document', async () => {
    const data = Buffer.from('%PDF-1.4 sim').toString('base64');
    const file = new wweb.MessageMedia('application/pdf', data, 'file.pdf');
    const record = await sendFile(at(), file, { sendMediaAsDocument: true });
    expect(record).toMatchObject({ type: 'document', filename: 'file.pdf' });
  });

  it('sends a voice note', async () => {
    const voice = new wweb.MessageMedia('audio/ogg; codecs=opus', random(9000), 'v.ogg');
    expect(await sendFile(at(), voice, { sendAudioAsVoice: true })).toMatchObject({ type: 'ptt' });
  });

  it('sends a video', async () => {
    const video = new wweb.MessageMedia('video/mp4', random(300_000), 'v.mp4');
    expect(await sendFile(at(), video, { caption: 'v' })).toMatchObject({ type: 'video', size: 300_000 });
  });

  it('sends a document of 5 MB', async () => {
    const file = new wweb.MessageMedia('application/zip', random(5e6), 'big.zip');
    expect(await sendFile(at(), file, { sendMediaAsDocument: true })).toMatchObject({ type: 'document', size: 5e6 });
  });

  it('sends a location, a poll and a contact card', async () => {
    const { stage, client } = at();
    const sent = [
      await client.sendMessage(BOB_CHAT, new wweb.Location(-23.5, -46.6, { name: 'SP' })),
      await client.sendMessage(BOB_CHAT, new wweb.Poll('Lunch?', ['a', 'b'])),
      await client.sendMessage(BOB_CHAT, await client.getContactById(BOB_CHAT)),
    ];
    const types = ['location', 'poll_creation', 'vcard'];
    expect(sent.map(({ type }) => type)).toEqual(types);
    await stage.until('all three', async () => {
      const records = await stage.control.sent();
      return records.filter(({ type }) => types.includes(type)).length === 3;
    });
  });
}

/** The message of the first step, to which later ones come back. */
export interface FirstMessage {
  message: wweb.Message;
}

async function sendFile(
  { stage, client }: { stage: Stage; client: wweb.Client },
  file: wweb.MessageMedia,
  options: wweb.MessageSendOptions,
): Promise<unknown> {
  const mark = stage.mark();
  const message = await client.sendMessage(BOB_CHAT, file, options);
  const id = message.id._serialized;
  await stage.event('media_uploaded', mark, (uploaded: wweb.Message) => uploaded.id._serialized === id);
  await stage.event('message_ack', mark, (m: wweb.Message, ack) => m.id._serialized === id && ack >= 1);
  const [record] = await stage.control.sent({ id });
  expect(record?.sha256).toBe(createHash('sha256').update(Buffer.from(file.data, 'base64')).digest('base64'));
  return record;
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}
