import type { EngineCapability } from '../engine.capabilities.js';
import type { MediaType, OutboundContent } from '../engine.content.js';
import { FileTooLargeError, SendDeferredError, SendRefusedError } from '../engine.errors.js';
import type { SeenMessage } from './harness.conformance.js';
import { fileOf, type OpenedSession, PHONE, PNG, sha256, type Stage, until } from './stage.conformance.js';

/** Proves one capability on a stage of its own. */
export type CapabilityCase = (stage: Stage) => Promise<void>;

/** Sends it, and gives what the contact sees. */
const show = async (stage: Stage, { handle }: OpenedSession, content: OutboundContent): Promise<SeenMessage> => {
  const { providerMessageId } = await stage.sendContent(handle, content);
  const seen = await stage.seen(providerMessageId);
  if (seen === undefined) throw new Error(`A message of type "${content.type}" has not arrived.`);
  return seen;
};

const sendsFile =
  (type: MediaType, mimeType: string, caption?: string): CapabilityCase =>
  async (stage) => {
    const session = await stage.openReady();
    const media = fileOf(mimeType, PNG, type === 'document' ? 'a.pdf' : null);
    const seen = await show(stage, session, { type, media, ...(caption !== undefined && { caption }) });
    expect(seen).toMatchObject({ type, text: caption ?? null });
    expect(seen.file).toMatchObject({ mimeType, size: PNG.length, sha256: sha256(PNG) });
    // Another file: one that the provider has already need not be opened again.
    const other = fileOf(mimeType, Buffer.concat([PNG, Buffer.alloc(1)]), media.fileName);
    const lost = { ...other, open: () => Promise.reject(new Error('The store is away.')) };
    await expect(stage.sendContent(session.handle, { type, media: lost })).rejects.toBeInstanceOf(SendDeferredError);
    expect(await stage.harness.arrivals('one')).toHaveLength(1);
  };

/** How every capability is shown; one that an engine does not have it must refuse by name. */
export const CAPABILITY_CASES: Readonly<Record<EngineCapability, CapabilityCase>> = {
  text: async (stage) => {
    const seen = await show(stage, await stage.openReady(), { type: 'text', text: 'Olá, 🌍' });
    expect(seen).toMatchObject({ type: 'text', text: 'Olá, 🌍', to: stage.known });
  },

  mentions: async (stage) => {
    const text = `Hi @${stage.known.slice(1)}`;
    const seen = await show(stage, await stage.openReady(), { type: 'text', text, mentions: [stage.known] });
    expect(seen).toMatchObject({ type: 'text', text, mentions: [stage.known] });
  },

  'link-preview': async (stage) => {
    const session = await stage.openReady();
    const text = 'see https://example.com';
    expect((await show(stage, session, { type: 'text', text, linkPreview: true })).hasPreview).toBe(true);
    expect((await show(stage, session, { type: 'text', text, linkPreview: false })).hasPreview).toBe(false);
    expect((await show(stage, session, { type: 'text', text })).hasPreview).toBe(false);
  },

  reply: async (stage) => {
    const session = await stage.openReady();
    const { handle } = session;
    const theirs = await stage.hear(session, { text: 'a question' });
    const ours = await stage.send(handle, 'first');
    const quoted = [
      { providerMessageId: theirs.providerMessageId, isOurs: false, chat: stage.known },
      stage.ours(ours.providerMessageId),
    ];
    for (const one of quoted) {
      const sent = await stage.sendContent(handle, { type: 'text', text: 'an answer' }, stage.known, one);
      // An engine may put the chat before the id by which the contact's phone knows the message.
      expect(one.providerMessageId.endsWith((await stage.seen(sent.providerMessageId))?.quoted ?? 'nothing')).toBe(
        true,
      );
    }
    if (stage.harness.lacks.has('early-refusals')) return;
    const gone = stage.ours(handle.newMessageId(stage.known) ?? '3EB0FFFFFFFFFFFFFFFFFF');
    const sending = stage.sendContent(handle, { type: 'text', text: 'to what?' }, stage.known, gone);
    await expect(sending).rejects.toMatchObject({ reasonCode: 'target-gone' });
  },

  image: sendsFile('image', 'image/png', 'One pixel'),
  video: sendsFile('video', 'video/mp4', 'A film'),
  audio: sendsFile('audio', 'audio/mpeg'),
  voice: sendsFile('voice', 'audio/ogg; codecs=opus'),
  document: sendsFile('document', 'application/pdf', 'Read this'),
  sticker: sendsFile('sticker', 'image/webp'),

  location: async (stage) => {
    const place = { latitude: -23.5, longitude: -46.6 };
    const seen = await show(stage, await stage.openReady(), { type: 'location', ...place, name: 'Here' });
    expect(seen).toMatchObject({ type: 'location', location: place });
  },

  contacts: async (stage) => {
    const session = await stage.openReady();
    const ada = { name: 'Ada', phones: [stage.known] };
    expect(await show(stage, session, { type: 'contacts', contacts: [ada] })).toMatchObject({ type: 'contacts' });
    const two = [ada, { name: 'Ben, B.', phones: [stage.known] }];
    expect(await show(stage, session, { type: 'contacts', contacts: two })).toMatchObject({ type: 'contacts' });
  },

  poll: async (stage) => {
    const poll = { question: 'Tea?', options: ['yes', 'no'], allowsSeveral: true };
    const seen = await show(stage, await stage.openReady(), { type: 'poll', ...poll });
    expect(seen).toMatchObject({ type: 'poll', text: 'Tea?' });
  },

  reaction: async (stage) => {
    const { handle } = await stage.openReady();
    const { providerMessageId: id } = await stage.send(handle, 'first');
    await stage.sendContent(handle, { type: 'reaction', target: stage.ours(id), emoji: '👍🏽' });
    await until('the reaction', async () => (await stage.seen(id))?.reaction === '👍🏽');
    await stage.sendContent(handle, { type: 'reaction', target: stage.ours(id), emoji: '' });
    await until('its end', async () => (await stage.seen(id))?.reaction === '');
  },

  edit: async (stage) => {
    const { handle } = await stage.openReady();
    const { providerMessageId: id } = await stage.send(handle, 'first');
    await stage.sendContent(handle, { type: 'edit', target: stage.ours(id), text: 'better' });
    await until('the edit', async () => (await stage.seen(id))?.text === 'better');
  },

  revoke: async (stage) => {
    const { handle } = await stage.openReady();
    const { providerMessageId: id } = await stage.send(handle, 'first');
    await stage.sendContent(handle, { type: 'revoke', target: stage.ours(id) });
    await until('the revocation', async () => (await stage.seen(id))?.isRevoked === true);
    const target = stage.ours(handle.newMessageId(stage.known) ?? '3EB0FFFFFFFFFFFFFFFFFF');
    const sending = stage.sendContent(handle, { type: 'revoke', target });
    await expect(sending).rejects.toBeInstanceOf(SendRefusedError);
    await expect(sending).rejects.toMatchObject({ reasonCode: 'target-gone' });
  },

  forward: async (stage) => {
    const session = await stage.openReady();
    const { providerMessageId: id } = await stage.send(session.handle, 'pass it on');
    const seen = await show(stage, session, { type: 'forward', target: stage.ours(id) });
    expect(seen).toMatchObject({ type: 'text', text: 'pass it on', isForwarded: true });
  },

  groups: async (stage) => {
    const session = await stage.openReady();
    const group = await stage.harness.group('one');
    await until('the group', async () => (await session.handle.groups()).some(({ id }) => id === group));
    const read = (await session.handle.groups()).find(({ id }) => id === group);
    const phones = read?.participants.map(({ phone }) => phone) ?? [];
    expect(phones).toEqual(expect.arrayContaining([PHONE, stage.known]));
    const sent = await stage.send(session.handle, 'to all', group);
    expect(await stage.seen(sent.providerMessageId)).toMatchObject({ to: group, text: 'to all' });
    expect(await stage.hear(session, { text: 'from all', group })).toMatchObject({ from: stage.known, group });
  },

  'mark-read': async (stage) => {
    const session = await stage.openReady();
    await stage.hear(session, { text: 'read me' });
    await session.handle.markRead(stage.known);
    const acts = await stage.harness.chatActs('one');
    expect(acts).toContainEqual({ what: 'read', chat: stage.known });
  },

  typing: async (stage) => {
    const { handle } = await stage.openReady();
    await stage.send(handle, 'hello');
    const chat = stage.known;
    for (const state of ['composing', 'recording', 'paused'] as const) await handle.setTyping(chat, state);
    const shown = async (): Promise<readonly object[]> =>
      (await stage.harness.chatActs('one')).filter(({ what }) => what !== 'read');
    await until('its end', async () => (await shown()).length === 3);
    expect(await shown()).toEqual(['composing', 'recording', 'paused'].map((what) => ({ what, chat })));
  },

  'number-check': async (stage) => {
    const { handle } = await stage.openReady();
    const found = await handle.checkNumber(stage.known);
    expect(found.isRegistered).toBe(true);
    expect(found.whatsappId).toContain(stage.known.slice(1));
    const { notOnWhatsApp } = stage.harness.recipients;
    await expect(handle.checkNumber(notOnWhatsApp)).resolves.toEqual({ isRegistered: false, whatsappId: null });
  },

  profile: async (stage) => {
    const { handle } = await stage.openReady();
    await expect(handle.profile(null)).resolves.toMatchObject({ phone: PHONE });
    await expect(handle.profile(stage.known)).resolves.toMatchObject({ phone: stage.known });
  },

  'contact-list': async (stage) => {
    const { handle } = await stage.openReady();
    await stage.send(handle, 'hello');
    const phones = (await handle.contacts()).map(({ phone }) => phone);
    expect(phones.filter((phone) => phone === stage.known)).toHaveLength(1);
    expect(phones).not.toContain(PHONE);
  },

  'media-in': async (stage) => {
    const session = await stage.openReady();
    const file = { mimeType: 'image/png', fileName: 'a.png', bytes: PNG };
    const { providerMessageId: id, media } = await stage.hear(session, { type: 'image', file });
    const sizeBytes = stage.harness.lacks.has('file-sizes') ? null : PNG.length;
    expect(media).toMatchObject({ mimeType: 'image/png', sizeBytes });
    const fetched = await session.handle.downloadMedia(id, PNG.length);
    expect(fetched?.mimeType).toBe('image/png');
    expect(fetched?.data.equals(PNG)).toBe(true);
    await expect(session.handle.downloadMedia(id, PNG.length - 1)).rejects.toBeInstanceOf(FileTooLargeError);
    await expect(session.handle.downloadMedia('false_1@c.us_NEVER', PNG.length)).resolves.toBeNull();
  },

  qr: async (stage) => {
    const { reports } = await stage.openReady();
    expect(reports.readies[0]).toMatchObject({ phone: PHONE });
  },

  'pairing-code': async (stage) => {
    const { handle, reports } = await stage.open();
    await until('a QR', () => reports.qrs.length > 0);
    const code = await handle.requestPairingCode(PHONE);
    expect(code).toMatch(/^[A-Z0-9]{8}$/);
    await stage.harness.pair('one', code, PHONE);
    await until('ready', () => reports.readies.length > 0);
    expect(reports.readies[0]).toMatchObject({ phone: PHONE });
    await expect(handle.requestPairingCode(PHONE)).rejects.toThrow();
  },

  'catch-up': async (stage) => {
    const { harness, known: from } = stage;
    const { handle, reports } = await stage.openReady();
    await until('nothing missed', () => reports.catchUps.length > 0);
    await handle.close();
    const texts = ['one', 'two', 'three'];
    for (const text of texts) await harness.incoming('one', { from, text });
    const again = await stage.openAgain();
    await until('the end of it', () => again.reports.catchUps.length > 0);
    expect(again.reports.messages.map(({ text }) => text)).toEqual(texts);
    expect(again.reports.messages.map(({ isCatchUp }) => isCatchUp)).toEqual([true, true, true]);
    expect(again.reports.catchUps).toEqual([3]);
    expect(reports.messages).toEqual([]);
  },

  proxy: async (stage) => {
    const proxy = await stage.harness.proxy();
    try {
      const session = await stage.openReady('one', PHONE, proxy.url);
      await stage.send(session.handle, 'by another way');
      expect(proxy.visits).toBeGreaterThan(0);
    } finally {
      proxy.close();
    }
  },

  'own-message-id': async (stage) => {
    const { handle } = await stage.openReady();
    const ids = Array.from({ length: 100 }, () => handle.newMessageId(stage.known));
    expect(ids).not.toContain(null);
    expect(new Set(ids).size).toBe(100);
    const [providerMessageId] = ids as [string];
    const sent = await handle.send({ ...stage.command({ type: 'text', text: 'mine' }), providerMessageId });
    expect(sent).toEqual({ providerMessageId });
  },

  'find-message': async (stage) => {
    const { handle, reports } = await stage.openReady();
    const { providerMessageId } = await stage.send(handle, 'where is it');
    await until('DELIVERED', () => reports.acks.some((ack) => ack.level === 'DELIVERED'));
    await handle.close();
    const again = await stage.openAgain();
    expect(['DELIVERED', 'READ']).toContain(await again.handle.findMessage(providerMessageId));
    await expect(again.handle.findMessage(again.handle.newMessageId(PHONE) ?? '')).resolves.toBeNull();
  },
};
