import { phoneDigits, type PhoneNumber } from '../../src/kernel/phone-number.js';
import type { GroupAddress } from '../../src/kernel/recipient.js';
import {
  type ChatAct,
  type ContactMessage,
  describeEngineConformance,
  type EngineHarness,
  type SeenMessage,
} from '../../src/modules/engines/engine.conformance.js';
import { ConnectProxy } from '../support/connect-proxy.js';
import { BOB, noChromium, WebEngineBench } from '../support/web-engine-bench.js';
import type { ActionRecord, SentRecord } from '../wa-web-sim/index.js';

let bench: WebEngineBench;
/** Which phone was linked to which session of this test. */
const phones = new Map<string, string>();

const TYPES: Readonly<Record<string, string>> = {
  ...{ chat: 'text', ptt: 'voice', vcard: 'contacts', multi_vcard: 'contacts', poll_creation: 'poll' },
};
const PAGE_TYPES: Readonly<Record<string, string>> = {
  ...{ location: 'location', contacts: 'multi_vcard', poll: 'poll_creation', unsupported: 'something_new' },
};
const ACKS = { FAILED: -1, SENT: 1, DELIVERED: 2, READ: 3, PLAYED: 4 } as const;
const ACTIONS: Readonly<Record<string, ChatAct['what']>> = {
  ...{ seen: 'read', composing: 'composing', recording: 'recording', paused: 'paused' },
};

/** The simulator writes addresses; a person is meant by number. */
const numberOf = (address: string): string => (address.endsWith('@c.us') ? `+${phoneDigits(address)}` : address);

const fileOf = ({ mimetype, size = 0, sha256 }: SentRecord): SeenMessage['file'] =>
  mimetype === undefined || sha256 === undefined
    ? undefined
    : { mimeType: mimetype, size, sha256: Buffer.from(sha256, 'base64').toString('hex') };

const textOf = ({ edited, caption, pollName, type, body = '' }: SentRecord): string | null =>
  edited ?? caption ?? pollName ?? (type === 'chat' ? body : null);

const placeOf = ({ lat, lng }: SentRecord): SeenMessage['location'] =>
  lat === undefined || lng === undefined ? undefined : { latitude: lat, longitude: lng };

const toSeen = (sent: SentRecord): SeenMessage => {
  const { toPhone, to, rawId, type } = sent;
  return {
    ...{ to: toPhone === null ? to : `+${toPhone}`, providerMessageId: rawId, type: TYPES[type] ?? type },
    ...{ text: textOf(sent), file: fileOf(sent), location: placeOf(sent) },
    ...{ quoted: sent.quoted, mentions: sent.mentions?.map(numberOf), hasPreview: sent.title !== undefined },
    ...{ isForwarded: sent.forwarded === true, isRevoked: sent.revoked === true, reaction: sent.reaction ?? '' },
  };
};

const vcardOf = (name: string, written: readonly string[]): string =>
  [
    ...['BEGIN:VCARD', 'VERSION:3.0', `FN:${name}`],
    ...written.map((phone) => `TEL;type=CELL;waid=${phoneDigits(phone)}:${phone}`),
    'END:VCARD',
  ].join('\n');

/** How the page knows what the type has beside its text. */
const extraOf = ({ content = {} }: ContactMessage): Record<string, unknown> => {
  const { location, contacts, poll } = content;
  return {
    ...(location && { lat: location.latitude, lng: location.longitude, loc: location.name }),
    ...(contacts && {
      vcardList: contacts.map(({ name, phones: written }) => ({ displayName: name, vcard: vcardOf(name, written) })),
    }),
    ...(poll && { pollName: poll.question, pollOptions: poll.options.map((name, localId) => ({ name, localId })) }),
  };
};

const mediaOf = ({ type, file }: ContactMessage): object | undefined =>
  file && {
    ...{ mimetype: file.mimeType, data: file.bytes.toString('base64'), filename: file.fileName },
    ...{ ptt: type === 'voice', sticker: type === 'sticker' },
  };

const phoneOf = (sessionId: string): string => phones.get(sessionId) ?? 'none';

const incoming = async (sessionId: string, message: ContactMessage): Promise<void> => {
  const { from, text, type = 'text', group, replyTo } = message;
  const pageType = PAGE_TYPES[type];
  const media = mediaOf(message);
  const request = {
    ...{ phone: phoneOf(sessionId), from: phoneDigits(from), extra: extraOf(message) },
    ...(text !== undefined && type !== 'poll' && { body: text }),
    ...(media !== undefined && { media }),
    ...(pageType !== undefined && { type: pageType }),
    ...(group !== undefined && { group }),
    ...(replyTo !== undefined && { quoted: await wholeIdOf(sessionId, replyTo) }),
  };
  await bench.control.incoming(request as Parameters<typeof bench.control.incoming>[0]);
};

/** Of a message of ours the engine names the part that it chose; the page has the whole. */
const wholeIdOf = async (sessionId: string, id: string): Promise<string> => {
  const sent = await bench.control.sent({ phone: phoneOf(sessionId) });
  return sent.find(({ rawId }) => rawId === id)?.id ?? id;
};

const toChatAct = ({ name, args }: ActionRecord): ChatAct[] => {
  const what = ACTIONS[name];
  return what === undefined ? [] : [{ what, chat: numberOf((args as { readonly chat: string }).chat) }];
};

const act: EngineHarness['act'] = async (sessionId, done) => {
  const { control } = bench;
  const phone = phoneOf(sessionId);
  if (done.kind === 'called') {
    await control.call({ phone, from: phoneDigits(done.from), video: done.isVideo });
    return;
  }
  const id = await wholeIdOf(sessionId, done.id);
  if (done.kind === 'edited') await control.edit({ phone, id, body: done.text });
  else if (done.kind === 'revoked') await control.revoke({ phone, id });
  else await control.reaction({ phone, id, from: phoneDigits(done.from), text: done.emoji });
};

const createHarness = (): Promise<EngineHarness> => {
  const { control } = bench;
  return Promise.resolve({
    lacks: new Set(),
    create: () => bench.engine(),
    link: async (sessionId, qr, phone) => {
      phones.set(sessionId, phoneDigits(phone));
      await control.scan({ phone: phoneDigits(phone), qr, pushname: 'Ada' });
    },
    pair: async (sessionId, code, phone) => {
      phones.set(sessionId, phoneDigits(phone));
      await control.pairCode({ code, pushname: 'Ada' });
    },
    arrivals: async (sessionId) => (await control.sent({ phone: phoneOf(sessionId) })).map(toSeen),
    dropConnection: (sessionId) => {
      for (const pid of bench.browsers(sessionId)) process.kill(pid, 'SIGKILL');
      return Promise.resolve();
    },
    logoutFromPhone: async (sessionId) => {
      await control.logout({ phone: phoneOf(sessionId) });
    },
    incoming,
    act,
    acknowledge: async (sessionId, id, level) => {
      await control.ack(await wholeIdOf(sessionId, id), ACKS[level]);
    },
    chatActs: async (sessionId) => (await control.actions({ phone: phoneOf(sessionId) })).flatMap(toChatAct),
    group: async (sessionId) => {
      const made = await control.group({ owner: phoneOf(sessionId), subject: 'Friends', participants: [BOB] });
      return made.id as GroupAddress;
    },
    proxy: () => new ConnectProxy(bench.sim.tlsPort).start(),
    cleanUp: async () => {
      phones.clear();
      await bench.reset();
    },
    recipients: { known: `+${BOB}` as PhoneNumber, notOnWhatsApp: '+5511922222222' as PhoneNumber },
  });
};

if (noChromium() === undefined) {
  beforeAll(async () => {
    bench = await WebEngineBench.create({ unregisteredPattern: '^5511922222222', linkPreview: true });
  });
  afterAll(() => bench.cleanUp());
  describeEngineConformance('WebEngine', createHarness);
} else {
  describe.skip(`WebEngine as a WhatsAppEngine (${noChromium() ?? ''})`, () => {
    it('conforms', () => undefined);
  });
}
