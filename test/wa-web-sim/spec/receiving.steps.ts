import { randomBytes } from 'node:crypto';
import type wweb from 'whatsapp-web.js';
import { type FirstMessage, PNG } from './sending.steps.ts';
import { BOB, BOB_CHAT, ME, type Stage } from './stage.ts';

interface Scene {
  readonly stage: Stage;
  readonly client: wweb.Client;
  readonly first: FirstMessage;
}

/** Everything that reaches the account, and what it does with it. */
export function receivingSteps(at: () => Scene): void {
  let incomingId: string;

  it('receives a text', async () => {
    const { stage } = at();
    const mark = stage.mark();
    const arrival = await stage.control.incoming({ phone: ME, from: BOB, body: 'hi demo', pushname: 'Bob' });
    incomingId = arrival.id;
    const message = await received(stage, mark, ({ body }) => body === 'hi demo');
    expect(message).toMatchObject({ from: BOB_CHAT, to: `${ME}@c.us`, fromMe: false });
    await stage.event('unread_count', mark);
    expect(await message.getContact()).toMatchObject({ pushname: 'Bob', number: BOB });
  });

  it('answers with a quotation', async () => {
    const { stage } = at();
    const mark = stage.mark();
    const incoming = newestMessage(stage);
    const reply = await incoming.reply('my reply');
    const id = reply.id._serialized;
    await stage.event('message_ack', mark, (m: wweb.Message, ack) => m.id._serialized === id && ack >= 1);
    expect(await stage.control.sent({ id })).toMatchObject([{ quoted: incoming.id.id }]);
    expect(reply.hasQuotedMsg).toBe(true);
  });

  it('finds the message that an incoming one quotes', async () => {
    const { stage, first } = at();
    const mark = stage.mark();
    const quoted = first.message.id._serialized;
    await stage.control.incoming({ phone: ME, from: BOB, body: 'quoting you', quoted });
    const message = await received(stage, mark, ({ body }) => body === 'quoting you');
    expect(await message.getQuotedMessage()).toMatchObject({ body: 'hello from demo', fromMe: true });
  });

  it('downloads an incoming image', async () => {
    const { stage } = at();
    const mark = stage.mark();
    const media = { mimetype: 'image/png', data: PNG, filename: 'p.png' };
    await stage.control.incoming({ phone: ME, from: BOB, body: 'pic', media });
    const message = await received(stage, mark, ({ hasMedia }) => hasMedia);
    expect(message.body).toBe('pic');
    expect(await message.downloadMedia()).toMatchObject({ data: PNG, mimetype: 'image/png' });
  });

  it('downloads an incoming document of 3 MB', async () => {
    const { stage } = at();
    const mark = stage.mark();
    const data = randomBytes(3e6).toString('base64');
    const media = { mimetype: 'application/pdf', data, filename: 'big.pdf' };
    await stage.control.incoming({ phone: ME, from: BOB, media });
    const message = await received(stage, mark, ({ hasMedia }) => hasMedia);
    const file = await message.downloadMedia();
    expect(file.filename).toBe('big.pdf');
    expect(file.data === data).toBe(true);
  });

  it('gets undefined for a file that is gone', async () => {
    const { stage } = at();
    const mark = stage.mark();
    const media = { mimetype: 'image/jpeg', bytes: 2000, missing: true };
    await stage.control.incoming({ phone: ME, from: BOB, media });
    const message = await received(stage, mark, ({ hasMedia }) => hasMedia);
    expect(await message.downloadMedia()).toBeUndefined();
  });

  it('hears of an edit, a reaction and a revocation', async () => {
    const { stage, first } = at();
    const mark = stage.mark();
    await stage.control.edit({ phone: ME, id: incomingId, body: 'hi demo (edited)' });
    await stage.event('message_edit', mark, (_message, body) => body === 'hi demo (edited)');
    await stage.control.reaction({ phone: ME, id: first.message.id._serialized, from: BOB, text: '👍' });
    await stage.event('message_reaction', mark, (r: wweb.Reaction) => r.reaction === '👍' && r.senderId === BOB_CHAT);
    await stage.control.revoke({ phone: ME, id: incomingId });
    await stage.event('message_revoke_everyone', mark);
  });

  it('edits, reacts, revokes and deletes for itself', async () => {
    const { stage, client, first } = at();
    const mark = stage.mark();
    expect(await first.message.edit('edited text')).toMatchObject({ body: 'edited text' });

    const incoming = newestMessage(stage);
    await incoming.react('🔥');
    await stage.until('the reaction', async () => (await stage.control.actions({ name: 'react' })).length === 1);

    const unwanted = await client.sendMessage(BOB_CHAT, 'to be revoked');
    const id = unwanted.id._serialized;
    await stage.until('the message', async () => (await stage.control.sent({ id })).length > 0);
    await unwanted.delete(true);
    await stage.until('the revocation', async () => (await stage.control.sent({ id }))[0]?.revoked ?? null);
    await stage.event('message_revoke_everyone', mark, (message: wweb.Message) => message.id._serialized === id);

    await incoming.delete(false);
    await stage.event('message_revoke_me', mark);
  });

  lookingAroundSteps(at);
}

function lookingAroundSteps(at: () => Scene): void {
  it('marks as seen, types, is present, archives', async () => {
    const { stage, client } = at();
    const chat = await client.getChatById(BOB_CHAT);
    await chat.sendSeen();
    await chat.sendStateTyping();
    await chat.clearState();
    await client.sendPresenceAvailable();
    const mark = stage.mark();
    await chat.archive();
    await stage.event('chat_archived', mark);
    const names = (await stage.control.actions()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['seen', 'composing', 'paused', 'presenceAvailable', 'archive']));
  });

  it('lists chats, contacts and messages', async () => {
    const { client, first } = at();
    expect(await client.getChats()).not.toHaveLength(0);
    const chat = await client.getChatById(BOB_CHAT);
    expect(await chat.fetchMessages({ limit: 5 })).toHaveLength(5);
    expect((await client.getContacts()).length).toBeGreaterThanOrEqual(2);
    expect(await client.getMessageById(first.message.id._serialized)).toMatchObject({ body: 'edited text' });
    expect(await client.getProfilePicUrl(BOB_CHAT)).toBeUndefined();
  });

  it('hears of a call', async () => {
    const { stage } = at();
    const mark = stage.mark();
    await stage.control.call({ phone: ME, from: BOB });
    await stage.event('call', mark);
  });
}

async function received(stage: Stage, mark: number, fits: (message: wweb.Message) => boolean): Promise<wweb.Message> {
  const [message] = await stage.event('message', mark, fits);
  return message as wweb.Message;
}

function newestMessage(stage: Stage): wweb.Message {
  return stage.all('message').at(-1)?.values[0] as wweb.Message;
}
