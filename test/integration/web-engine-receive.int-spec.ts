import type { EngineHandle, InboundMessage } from '../../src/modules/engines/engine.port.js';
import type { PhoneNumber } from '../../src/kernel/phone-number.js';
import { sleep, until } from '../support/report-log.js';
import {
  BOB,
  describeWithChromium,
  ME,
  type OpenSession,
  sendText,
  WebEngineBench,
} from '../support/web-engine-bench.js';

const CARL = '5511933333333';
const VCARD = [
  ...['BEGIN:VCARD', 'VERSION:3.0', 'FN:Carl', 'TEL;type=CELL;waid=5511933333333:+55 11 93333-3333'],
  'END:VCARD',
].join('\n');
const file = (mimetype: string, more: object = {}): object => ({ media: { mimetype, bytes: 700, ...more } });
const ofType = (type: string, extra: object): object => ({ type, extra });
const notice = (mimeType: string, fileName: string | null = null): object => ({ mimeType, fileName, sizeBytes: 700 });

/** What somebody writes, and what is reported of it. */
const KINDS: readonly (readonly [string, object, object])[] = [
  ['text', { body: 'hello' }, { type: 'text', text: 'hello', content: null, media: null }],
  [
    'image',
    { ...file('image/png'), caption: 'look' },
    { type: 'image', text: 'look', content: null, media: notice('image/png') },
  ],
  ['video', file('video/mp4'), { type: 'video', text: null, media: notice('video/mp4') }],
  ['audio', file('audio/mpeg'), { type: 'audio', media: notice('audio/mpeg') }],
  ['voice', file('audio/ogg; codecs=opus', { ptt: true }), { type: 'voice', media: notice('audio/ogg; codecs=opus') }],
  [
    'document',
    file('application/pdf', { filename: 'a.pdf' }),
    { type: 'document', media: notice('application/pdf', 'a.pdf') },
  ],
  ['sticker', file('image/webp', { sticker: true }), { type: 'sticker', media: notice('image/webp') }],
  [
    'location',
    ofType('location', { lat: -23.5, lng: -46.6, loc: 'Home\nStreet 1' }),
    {
      ...{ type: 'location', text: null, media: null },
      content: { location: { latitude: -23.5, longitude: -46.6, name: 'Home', address: 'Street 1' } },
    },
  ],
  [
    'one contact',
    { type: 'vcard', body: VCARD, extra: { vcardFormattedName: 'Carl' } },
    { type: 'contacts', content: { contacts: [{ name: 'Carl', phones: [`+${CARL}`] }] } },
  ],
  [
    'contacts',
    ofType('multi_vcard', { vcardList: [1, 2].map((n) => ({ displayName: `C${String(n)}`, vcard: VCARD })) }),
    {
      type: 'contacts',
      content: { contacts: ['C1', 'C2'].map((name) => ({ name, phones: [`+${CARL}`] })) },
    },
  ],
  [
    'poll',
    ofType('poll_creation', { pollName: 'Tea?', pollOptions: [{ name: 'yes' }, { name: 'no' }] }),
    { type: 'poll', text: 'Tea?', content: { poll: { question: 'Tea?', options: ['yes', 'no'] } } },
  ],
  ['mentions', { body: 'hi @you', mentions: [ME, CARL] }, { content: { mentions: [`+${ME}`, `+${CARL}`] } }],
  ['forwarded', { body: 'seen?', extra: { isForwarded: true } }, { content: { isForwarded: true } }],
  ['what is not known', ofType('product', {}), { type: 'unsupported', content: { providerType: 'product' } }],
];

describeWithChromium('what comes into a web session', () => {
  let bench: WebEngineBench;

  beforeAll(async () => {
    bench = await WebEngineBench.create();
  });
  afterEach(() => bench.reset());
  afterAll(() => bench.cleanUp());

  const expectKinds = (messages: readonly InboundMessage[], isCatchUp: boolean): void => {
    const shown = messages.map((message, at) => [KINDS[at]?.[0], message]);
    const expected = KINDS.map(([name, , reported]): unknown[] => [
      name,
      expect.objectContaining({ ...reported, isCatchUp }),
    ]);
    expect(shown).toEqual(expected);
  };

  it('reports every kind by its type, with what belongs to it', async () => {
    const { log } = await bench.openReady(bench.engine());
    for (const [, written] of KINDS) await bench.control.incoming({ phone: ME, from: BOB, ...written });
    await until('all', () => log.messages.length === KINDS.length);
    expectKinds(log.messages, false);
  });

  it('P22: reports every kind that came while it was down, and then once that it has caught up', async () => {
    const engine = bench.engine();
    await (await bench.openReady(engine)).handle.close();
    for (const [at, [, written]] of KINDS.entries()) {
      await bench.control.incoming({ phone: ME, from: BOB, t: 1_700_000_000 + at, ...written });
    }
    const { log } = await bench.openReady(engine);
    await until('the end of catching up', () => log.catchUps);
    expectKinds(log.messages, true);
    await bench.control.reload({ phone: ME });
    await until('ready again', () => log.readies.length === 2);
    await bench.control.incoming({ phone: ME, from: BOB, body: 'live' });
    await until('the message', () => log.messages.some(({ text }) => text === 'live'));
    expect(log.messages.find(({ text }) => text === 'live')?.isCatchUp).toBe(false);
    expect(log.catchUps).toBe(1);
  });

  it('P22: has caught up when nothing came, and of a number that was linked just now', async () => {
    const engine = bench.engine();
    const first = await bench.openReady(engine);
    await until('the end of catching up', () => first.log.catchUps);
    await first.handle.close();
    const { log } = await bench.openReady(engine);
    await until('the end of catching up', () => log.catchUps);
    expect(log.messages).toEqual([]);
  });

  it('P17: what WhatsApp delivers after an outage of the network is ordinary', async () => {
    const { log } = await bench.openReady(bench.engine());
    await until('the end of catching up', () => log.catchUps);
    await bench.control.dropConnection({ phone: ME });
    await bench.control.incoming({ phone: ME, from: BOB, body: 'meanwhile' });
    await bench.control.restoreConnection();
    await until('the message', () => log.messages.length);
    await sleep(200);
    expect(log.messages.map(({ text, isCatchUp }) => [text, isCatchUp])).toEqual([['meanwhile', false]]);
    expect([log.catchUps, log.losses]).toEqual([1, []]);
  });

  it('tells the message that is answered by the id under which it is known', async () => {
    const { log, handle } = await bench.openReady(bench.engine());
    const ours = (await sendText(handle, 'a question')).providerMessageId;
    const [sent] = await bench.control.sent();
    await bench.control.incoming({ phone: ME, from: BOB, body: 'an answer', quoted: sent?.id ?? '' });
    const own = await bench.control.incoming({ phone: ME, from: BOB, body: 'a thought' });
    await bench.control.incoming({ phone: ME, from: BOB, body: 'on second thought', quoted: own.id });
    const group = await bench.control.group({ owner: ME, subject: 'team', participants: [BOB, CARL] });
    const ofCarl = await bench.control.incoming({ phone: ME, from: CARL, body: 'hi all', group: group.id });
    await bench.control.incoming({ phone: ME, from: BOB, body: 'hi Carl', group: group.id, quoted: ofCarl.id });
    await until('all', () => log.messages.length === 5);
    expect(log.messages.map((one) => one.quotedProviderMessageId)).toEqual([ours, null, own.id, null, ofCarl.id]);
    expect(log.messages[4]).toMatchObject({ from: `+${BOB}`, group: group.id });
  });

  it('tells what others change, and nothing that it has done itself', async () => {
    const { log, handle } = await bench.openReady(bench.engine());
    const { id } = await bench.control.incoming({ phone: ME, from: BOB, body: 'words' });
    await until('the message', () => log.messages.length);
    await bench.control.edit({ phone: ME, id, body: 'other words' });
    await bench.control.reaction({ phone: ME, id, from: BOB, text: '🎉' });
    await bench.control.reaction({ phone: ME, id, from: BOB, text: '' });
    const ours = (await sendText(handle, 'mine')).providerMessageId;
    const [sent] = await bench.control.sent();
    await bench.control.reaction({ phone: ME, id: sent?.id ?? '', from: BOB, text: '👍' });
    await act(handle, ours);
    await bench.control.revoke({ phone: ME, id });
    await bench.control.call({ phone: ME, from: BOB, video: true });
    await until('the call', () => log.changes.some(({ kind }) => kind === 'called'));
    const from = `+${BOB}`;
    expect(log.changes).toEqual([
      { kind: 'edited', providerMessageId: id, text: 'other words', at: expect.any(Date) as Date },
      { kind: 'reacted', providerMessageId: id, from, emoji: '🎉', at: expect.any(Date) as Date },
      { kind: 'reacted', providerMessageId: id, from, emoji: '', at: expect.any(Date) as Date },
      { kind: 'reacted', providerMessageId: ours, from, emoji: '👍', at: expect.any(Date) as Date },
      { kind: 'revoked', providerMessageId: id, at: expect.any(Date) as Date },
      expect.objectContaining({ kind: 'called', from, isVideo: true, isGroup: false }),
    ]);
    for (const { at } of log.changes) expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(10_000);
  });

  /** Everything that we may do to a message of ours. */
  const act = async (handle: EngineHandle, providerMessageId: string): Promise<void> => {
    const to = `+${BOB}` as PhoneNumber;
    const target = { providerMessageId, isOurs: true, chat: to };
    for (const content of [
      { type: 'reaction' as const, target, emoji: '🙂' },
      { type: 'edit' as const, target, text: 'mine, better' },
      { type: 'revoke' as const, target },
    ]) {
      const id = handle.newMessageId(to);
      await handle.send({ messageId: 'msg_a', attempt: 1, providerMessageId: id, to, content, quoted: null });
    }
  };

  it.each([
    ['edit', { op: 'edit', mode: 'error' }, { type: 'edit', text: 'x' }],
    ['reaction', { op: 'react', mode: 'hang' }, { type: 'reaction', emoji: '🙂' }],
    ['revoke', { op: 'revoke', mode: 'hang' }, { type: 'revoke' }],
    ['silent edit', { op: 'edit', mode: 'silent' }, { type: 'edit', text: 'x' }],
    ['silent revoke', { op: 'revoke', mode: 'silent' }, { type: 'revoke' }],
  ] as const)(
    'P15: an act that the page does not show as done is not known to be done: %s',
    async (_n, fault, what) => {
      const session: OpenSession = await bench.openReady(bench.engine({ ackMs: 2_900 }));
      const to = `+${BOB}` as PhoneNumber;
      const { providerMessageId } = await sendText(session.handle, 'mine');
      await bench.control.fail(fault);
      const content = { ...what, target: { providerMessageId, isOurs: true, chat: to } };
      const sending = session.handle.send({
        ...{ messageId: 'msg_a', attempt: 1, providerMessageId: session.handle.newMessageId(to) },
        ...{ to, content, quoted: null },
      });
      await expect(sending).rejects.not.toHaveProperty('reasonCode');
      await expect(session.handle.probe()).resolves.toBeUndefined();
    },
  );
});
