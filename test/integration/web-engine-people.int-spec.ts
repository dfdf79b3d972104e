import type { PhoneNumber } from '../../src/kernel/phone-number.js';
import type { Recipient } from '../../src/kernel/recipient.js';
import type { MessageReference, OutboundContent } from '../../src/modules/engines/index.js';
import { sleep, until } from '../support/report-log.js';
import {
  BOB,
  describeWithChromium,
  ME,
  type OpenSession,
  sendText,
  WebEngineBench,
} from '../support/web-engine-bench.js';
import type { SentRecord } from '../wa-web-sim/index.js';

const CARL = '5511933333333';
const NOBODY = '+5511922222222' as PhoneNumber;
const STRANGER = '+5511966666666' as PhoneNumber;
const TO = `+${BOB}` as PhoneNumber;

describeWithChromium('linking a web session by a code', () => {
  let bench: WebEngineBench;

  beforeAll(async () => {
    bench = await WebEngineBench.create();
  });
  afterEach(() => bench.reset());
  afterAll(() => bench.cleanUp());

  it('is ready when the code is typed into the phone, and shows no QR of empty parts meanwhile', async () => {
    const { handle, log } = await bench.open(bench.engine());
    await until('a QR', () => log.qrs.length);
    const code = await handle.requestPairingCode(`+${ME}` as PhoneNumber);
    expect(code).toMatch(/^[A-Z0-9]{8}$/);
    await bench.control.expireQr({});
    await sleep(200);
    await bench.control.pairCode({ code, pushname: 'Ada' });
    await until('ready', () => log.readies.length);
    expect(log.readies[0]).toMatchObject({ phone: `+${ME}`, name: 'Ada' });
    for (const qr of log.qrs) expect(qr).toMatch(/^2@[^,]+(,[^,]+){4,}$/);
    await sendText(handle, 'linked by code');
    await expect(handle.requestPairingCode(`+${ME}` as PhoneNumber)).rejects.toThrow('No QR is shown');
  });
});

describe.each([
  ['by number', false],
  ['by LID', true],
])('people whom WhatsApp names %s', (_name, lidMode) => {
  describeWithChromium('on a web session', () => {
    let bench: WebEngineBench;
    let session: OpenSession;
    let group: Recipient;

    beforeAll(async () => {
      bench = await WebEngineBench.create({ lidMode, unregisteredPattern: `^${NOBODY.slice(1)}` });
      await bench.control.registered({
        phone: BOB,
        name: 'Bob',
        about: 'Busy',
        biz: true,
        pic: 'https://pps.whatsapp.net/b',
      });
      await bench.control.registered({ phone: CARL, pushname: 'Carlito' });
      session = await bench.openReady(bench.engine());
      const made = await bench.control.group({ owner: ME, subject: 'Friends', participants: [BOB, CARL] });
      group = made.id as Recipient;
      await until('the group', async () => (await session.handle.groups()).length);
    });
    afterAll(() => bench.cleanUp());

    const send = async (
      content: OutboundContent,
      to: Recipient = TO,
      quoted: MessageReference | null = null,
    ): Promise<string> => {
      const { handle } = session;
      const id = handle.newMessageId(to);
      const command = { messageId: 'msg_p', attempt: 1, providerMessageId: id, to, content, quoted };
      return (await handle.send(command)).providerMessageId;
    };
    const sent = async (id: string): Promise<SentRecord | undefined> =>
      (await bench.control.sent()).find(({ rawId }) => rawId === id);
    const acted = async (name: string): Promise<unknown[]> =>
      (await bench.control.actions({ name })).map(({ args }) => (args as { readonly chat: string }).chat);

    it('checks whether a number is on WhatsApp', async () => {
      const { handle } = session;
      await expect(handle.checkNumber(TO)).resolves.toEqual({ isRegistered: true, whatsappId: `${BOB}@c.us` });
      await expect(handle.checkNumber(NOBODY)).resolves.toEqual({ isRegistered: false, whatsappId: null });
    });

    it('reads profiles, of the linked number when none is given', async () => {
      const { handle } = session;
      await expect(handle.profile(TO)).resolves.toEqual({
        ...{ phone: TO, name: 'Bob', about: 'Busy', isBusiness: true },
        pictureUrl: 'https://pps.whatsapp.net/b',
      });
      await expect(handle.profile(null)).resolves.toMatchObject({ phone: `+${ME}`, name: 'Ada', isBusiness: false });
    });

    it('lists each contact once, by number', async () => {
      await sendText(session.handle, 'hello');
      await bench.control.incoming({ phone: ME, from: CARL, body: 'hi' });
      await until('the message', () => session.log.messages.length);
      await send({ type: 'text', text: 'to a stranger' }, STRANGER);
      const contacts = await session.handle.contacts();
      expect(contacts.filter(({ phone }) => phone === STRANGER)).toHaveLength(1);
      expect(contacts.filter(({ phone }) => phone === TO)).toEqual([
        { phone: TO, name: 'Bob', isBlocked: false, isSaved: true },
      ]);
      expect(contacts.filter(({ phone }) => phone === `+${CARL}`)).toHaveLength(1);
      expect(contacts.filter(({ phone }) => phone === `+${ME}`)).toEqual([]);
      expect(contacts.every(({ phone }) => phone.startsWith('+'))).toBe(true);
    });

    it('reads groups with their members by number, and sends and hears in them', async () => {
      const { handle, log } = session;
      const [read] = await handle.groups();
      expect(read).toMatchObject({ id: group, name: 'Friends', isAnnouncement: false });
      expect(read?.participants.map(({ phone }) => phone).sort()).toEqual([`+${BOB}`, `+${CARL}`, `+${ME}`].sort());
      expect(read?.participants.filter(({ isAdmin }) => isAdmin).map(({ phone }) => phone)).toEqual([`+${ME}`]);
      const id = await send({ type: 'location', latitude: 1, longitude: 2 }, group);
      expect(await sent(id)).toMatchObject({ to: group, type: 'location' });
      await until('DELIVERED', () => log.levels(id).includes('DELIVERED'));
      await expect(handle.findMessage(id)).resolves.toBe('DELIVERED');
      const at = log.messages.length;
      await bench.control.incoming({ phone: ME, from: CARL, body: 'in the group', group, mentions: [BOB] });
      await until('the message', () => log.messages.length > at);
      expect(log.messages[at]).toMatchObject({ from: `+${CARL}`, group, content: { mentions: [TO] } });
    });

    it('finds, quotes, reacts to, edits, forwards and revokes what was sent by another page, in a group, too', async () => {
      const before = [
        await send({ type: 'text', text: 'to Bob' }),
        await send({ type: 'text', text: 'to all' }, group),
      ];
      // The new page knows nothing of them but what it asks for.
      await bench.control.config({ historyPerChat: 0 });
      await bench.control.reload({ phone: ME });
      const { handle, log } = session;
      await until('ready again', () => log.readies.length > 1);
      for (const [at, providerMessageId] of before.entries()) {
        const chat = at === 0 ? TO : group;
        const target = { providerMessageId, isOurs: true, chat };
        await expect(handle.findMessage(providerMessageId)).resolves.not.toBeNull();
        await send({ type: 'reaction', target, emoji: '👍' }, chat);
        await send({ type: 'edit', target, text: 'better' }, chat);
        const answer = await send({ type: 'text', text: 'so' }, chat, target);
        expect(await sent(answer)).toMatchObject({ quoted: providerMessageId });
        const copy = await send({ type: 'forward', target }, TO);
        expect(await sent(copy)).toMatchObject({ body: 'better', forwarded: true });
        await send({ type: 'revoke', target }, chat);
        expect(await sent(providerMessageId)).toMatchObject({ reaction: '👍', edited: 'better', revoked: true });
      }
    });

    it('tells who reacts and who calls by number', async () => {
      const { log } = session;
      log.changes.splice(0);
      const { id } = await bench.control.incoming({ phone: ME, from: CARL, body: 'react to me' });
      await bench.control.reaction({ phone: ME, id, from: CARL, text: '🎉' });
      await bench.control.call({ phone: ME, from: CARL });
      await until('both', () => log.changes.length === 2);
      const from = `+${CARL}`;
      expect(log.changes).toMatchObject([
        { kind: 'reacted', from, emoji: '🎉' },
        { kind: 'called', from },
      ]);
    });

    it('marks a chat as read, and shows that somebody writes or speaks', async () => {
      const { handle } = session;
      const at = session.log.messages.length;
      const { chat } = await bench.control.incoming({ phone: ME, from: BOB, body: 'read me' });
      await until('the message', () => session.log.messages.length > at);
      await handle.markRead(TO);
      expect(await acted('seen')).toContain(chat);
      await handle.setTyping(TO, 'composing');
      await handle.setTyping(TO, 'recording');
      await handle.setTyping(group, 'paused');
      await until('the end of it', async () => (await acted('paused')).length);
      expect([await acted('composing'), await acted('recording'), await acted('paused')]).toEqual([
        ...[[chat], [chat]],
        [group],
      ]);
    });

    it('P17: waits for nothing without end while the network is away', async () => {
      const { handle, log } = session;
      await bench.control.dropConnection({ phone: ME });
      const questions = [
        handle.checkNumber(NOBODY),
        handle.profile('+5511955555555' as PhoneNumber),
        handle.markRead(TO),
      ];
      const outcomes = await Promise.allSettled(questions);
      expect(outcomes.slice(0, 2).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      await bench.control.restoreConnection();
      await until('an answer', () => handle.checkNumber(TO).catch(() => null));
      expect(log.losses).toEqual([]);
    });
  });
});
