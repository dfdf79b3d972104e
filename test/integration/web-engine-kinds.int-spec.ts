import { Readable } from 'node:stream';

import type { PhoneNumber } from '../../src/kernel/phone-number.js';
import type { Recipient } from '../../src/kernel/recipient.js';
import type { OutboundContent, OutboundMedia } from '../../src/modules/engines/index.js';
import type { SentRecord } from '../wa-web-sim/server/records.js';
import { until } from '../support/report-log.js';
import { BOB, describeWithChromium, ME, type OpenSession, WebEngineBench } from '../support/web-engine-bench.js';

const TO = `+${BOB}` as PhoneNumber;
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const media = (mimeType: string, fileName: string | null, bytes = PNG): OutboundMedia => ({
  ...{ mimeType, fileName, sizeBytes: bytes.length, sha256: '' },
  open: () => Promise.resolve(Readable.from([bytes])),
});

describeWithChromium('every kind of message on the web engine', () => {
  let bench: WebEngineBench;
  let session: OpenSession;

  beforeAll(async () => {
    bench = await WebEngineBench.create();
    session = await bench.openReady(bench.engine({ lookupMs: 5000, ackMs: 5000, callMs: 5000 }));
  });
  afterAll(() => bench.cleanUp());

  const send = async (
    content: OutboundContent,
    to: Recipient = TO,
    quoted: { providerMessageId: string; isOurs: boolean; chat: string } | null = null,
  ): Promise<string> => {
    const { handle } = session;
    const providerMessageId = handle.newMessageId(to);
    const sent = await handle.send({ messageId: 'msg_k', attempt: 1, providerMessageId, to, content, quoted });
    expect(sent.providerMessageId).toBe(providerMessageId);
    return sent.providerMessageId;
  };
  const seen = async (id: string): Promise<SentRecord | undefined> =>
    (await bench.control.sent()).find(({ rawId }) => rawId === id);

  it.each<[string, OutboundContent, object]>([
    [
      'image',
      { type: 'image', media: media('image/png', null), caption: 'One pixel' },
      { type: 'image', mimetype: 'image/png', size: PNG.length },
    ],
    ['video', { type: 'video', media: media('video/mp4', null) }, { type: 'video', mimetype: 'video/mp4' }],
    ['audio', { type: 'audio', media: media('audio/mpeg', null) }, { type: 'audio' }],
    ['voice', { type: 'voice', media: media('audio/ogg; codecs=opus', null) }, { type: 'ptt' }],
    ['document', { type: 'document', media: media('application/pdf', 'a.pdf'), caption: 'read' }, { type: 'document' }],
    ['sticker', { type: 'sticker', media: media('image/webp', null) }, { type: 'sticker' }],
    ['sticker', { type: 'sticker', media: media('image/webp', null) }, { type: 'sticker', mimetype: 'image/webp' }],
    ['location', { type: 'location', latitude: -23.5, longitude: -46.6, name: 'Here' }, { type: 'location' }],
    ['one contact', { type: 'contacts', contacts: [{ name: 'Ben, B.', phones: [TO] }] }, { type: 'vcard' }],
    [
      'contacts',
      {
        type: 'contacts',
        contacts: [
          { name: 'A', phones: [TO] },
          { name: 'B', phones: [TO] },
        ],
      },
      { type: 'multi_vcard' },
    ],
    [
      'poll',
      { type: 'poll', question: 'Tea?', options: ['yes', 'no'], allowsSeveral: true },
      { type: 'poll_creation' },
    ],
    ['mentions', { type: 'text', text: `Hi @${BOB}`, mentions: [TO] }, { type: 'chat', body: `Hi @${BOB}` }],
    ['link preview', { type: 'text', text: 'see https://example.com', linkPreview: true }, { type: 'chat' }],
  ])('sends, under the id that we chose: %s', async (_name, content, expected) => {
    const id = await send(content);
    expect(await seen(id)).toMatchObject(expected);
    await until('DELIVERED', () => session.log.levels(id).includes('DELIVERED'));
    expect(await session.handle.findMessage(id)).toBeTruthy();
  });

  it('answers, reacts, forwards, edits and revokes', async () => {
    const first = await send({ type: 'text', text: 'first' });
    const target = { providerMessageId: first, isOurs: true, chat: TO };
    const reply = await send({ type: 'text', text: 'answer' }, TO, target);
    expect(JSON.stringify(await seen(reply))).toContain(first);
    await send({ type: 'reaction', target, emoji: '👍' });
    const copy = await send({ type: 'forward', target });
    expect(await seen(copy)).toMatchObject({ body: 'first', forwarded: true, toPhone: BOB });
    await until('DELIVERED', () => session.log.levels(copy).includes('DELIVERED'));
    await send({ type: 'edit', target, text: 'better' });
    await until('the edit', async () => JSON.stringify(await seen(first)).includes('better'));
    await send({ type: 'revoke', target });
    await until('the revocation', async () => ((await seen(first)) as { revoked?: unknown } | undefined)?.revoked);
    const gone = { ...target, providerMessageId: '3EB0FFFFFFFFFFFFFFFFFF' };
    await expect(send({ type: 'edit', target: gone, text: 'x' })).rejects.toMatchObject({ reasonCode: 'target-gone' });
    await expect(send({ type: 'text', text: 'x' }, TO, gone)).rejects.toMatchObject({ reasonCode: 'target-gone' });
  });

  it('takes in files, places and answers, and what is changed later', async () => {
    const { log, handle } = session;
    const at = log.messages.length;
    log.changes.splice(0);
    await bench.control.incoming({
      phone: ME,
      from: BOB,
      media: { mimetype: 'image/png', data: PNG.toString('base64') },
      caption: 'look',
    });
    await until('the image', () => log.messages.length > at);
    const image = log.messages[at];
    expect(image).toMatchObject({ type: 'image', text: 'look', media: { mimeType: 'image/png' }, isCatchUp: false });
    const file = await handle.downloadMedia(image?.providerMessageId ?? '', 1_000_000);
    expect(file?.data.equals(PNG)).toBe(true);
    await bench.control.incoming({ phone: ME, from: BOB, media: { mimetype: 'image/png', data: '', missing: true } });
    await until('the missing one', () => log.messages.length > at + 1);
    expect(await handle.downloadMedia(log.messages[at + 1]?.providerMessageId ?? '', 1_000_000)).toBeNull();

    await bench.control.incoming({ phone: ME, from: BOB, body: 'words' });
    await until('the words', () => log.messages.length > at + 2);
    const id = log.messages[at + 2]?.providerMessageId ?? '';
    await bench.control.edit({ phone: ME, id, body: 'other words' });
    await bench.control.reaction({ phone: ME, id, from: BOB, text: '🎉' });
    await bench.control.revoke({ phone: ME, id });
    await bench.control.call({ phone: ME, from: BOB, video: true });
    for (const kind of ['edited', 'reacted', 'revoked', 'called']) {
      await until(kind, () => log.changes.some((change) => change.kind === kind));
    }
    expect(log.changes.find(({ kind }) => kind === 'edited')).toMatchObject({
      providerMessageId: id,
      text: 'other words',
    });
  });

  it('asks about numbers, people and groups, and shows that somebody is there', async () => {
    const { handle } = session;
    expect(await handle.checkNumber(TO)).toMatchObject({ isRegistered: true });
    expect(await handle.checkNumber('+999123456789' as PhoneNumber)).toEqual({ isRegistered: false, whatsappId: null });
    expect((await handle.profile(null)).phone).toBe(`+${ME}`);
    expect((await handle.profile(TO)).phone).toBe(TO);
    await bench.control.group({ owner: ME, subject: 'Friends', participants: [BOB] });
    await until('the group', async () => (await handle.groups()).some(({ name }) => name === 'Friends'));
    const [group] = await handle.groups();
    const id = await send({ type: 'text', text: 'to all' }, group?.id);
    expect(await seen(id)).toMatchObject({ to: group?.id });
    expect((await handle.contacts()).length).toBeGreaterThan(0);
    await handle.setTyping(TO, 'composing');
    await handle.setTyping(TO, 'paused');
    await handle.markRead(TO);
  });
});
