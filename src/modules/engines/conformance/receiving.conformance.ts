import type { InboundType } from '../engine.content.js';
import type { ContactMessage } from './harness.conformance.js';
import { pause, PHONE, PNG, QUIET_MS, type Stage, until } from './stage.conformance.js';

const ofFile = (type: InboundType, mimeType: string): readonly [InboundType, Partial<ContactMessage>, object] => [
  type,
  { text: 'below it', file: { mimeType, fileName: 'a.file', bytes: PNG } },
  { text: 'below it', media: { mimeType } },
];

const CONTACT = { name: 'Ben', phones: ['+12025550101'] };
const POLL = { question: 'Tea?', options: ['yes', 'no'] };

/** Each type that a contact may write, and what is reported of it. */
const KINDS: readonly (readonly [InboundType, Partial<ContactMessage>, object])[] = [
  ['text', { text: 'oi 🌍' }, { text: 'oi 🌍', content: null, media: null }],
  ofFile('image', 'image/png'),
  ofFile('video', 'video/mp4'),
  ofFile('audio', 'audio/mpeg'),
  ofFile('voice', 'audio/ogg; codecs=opus'),
  ofFile('document', 'application/pdf'),
  ofFile('sticker', 'image/webp'),
  [
    'location',
    { content: { location: { latitude: -23.5, longitude: -46.6, name: 'Here' } } },
    { text: null, content: { location: { latitude: -23.5, longitude: -46.6, name: 'Here' } } },
  ],
  ['contacts', { content: { contacts: [CONTACT] } }, { text: null, content: { contacts: [CONTACT] } }],
  ['poll', { text: POLL.question, content: { poll: POLL } }, { text: POLL.question, content: { poll: POLL } }],
  [
    'unsupported',
    { content: { providerType: 'something_new' } },
    { content: { providerType: 'something_new' }, media: null },
  ],
];

/** What contacts write, and what they do with it later. */
export const describeReceiving = (stage: () => Stage): void => {
  it('reports what a contact writes, once, with the number in E.164', async () => {
    const { known, harness } = stage();
    const { reports } = await stage().openReady();
    await harness.incoming('one', { from: known, text: 'oi' });
    await until('the message', () => reports.messages.length > 0);
    await pause(QUIET_MS);
    expect(reports.messages).toHaveLength(1);
    expect(reports.messages[0]).toMatchObject({ from: known, type: 'text', text: 'oi', group: null });
    expect(reports.messages[0]).toMatchObject({ isCatchUp: false, quotedProviderMessageId: null });
    expect([null, PHONE]).toContain(reports.messages[0]?.to);
  });

  it('reports every type that a contact may write', async () => {
    const session = await stage().openReady();
    const { engine } = session;
    const sizes = stage().harness.lacks.has('file-sizes') ? [null, undefined] : [PNG.length, undefined];
    for (const [type, message, expected] of KINDS) {
      if (type === 'poll' && !engine.capabilities.has('poll')) continue;
      const heard = await stage().hear(session, { type, ...message });
      expect(heard).toMatchObject({ type, ...expected });
      expect(sizes).toContain(heard.media?.sizeBytes);
    }
  });

  it('reports what is answered by the id that it knows, of ours and of theirs', async () => {
    const session = await stage().openReady();
    const ours = await stage().send(session.handle, 'a question');
    const answer = await stage().hear(session, { text: 'an answer', replyTo: ours.providerMessageId });
    expect(answer.quotedProviderMessageId).toBe(ours.providerMessageId);
    const next = await stage().hear(session, { text: 'and more', replyTo: answer.providerMessageId });
    expect(next.quotedProviderMessageId).toBe(answer.providerMessageId);
  });

  it('reports what contacts change, and that they call', async () => {
    const { harness, known: from } = stage();
    const session = await stage().openReady();
    const { changes } = session.reports;
    const { providerMessageId: id } = await stage().hear(session, { text: 'first' });
    const ours = (await stage().send(session.handle, 'ours')).providerMessageId;
    await harness.act('one', { kind: 'edited', id, text: 'better' });
    await until('the edit', () => changes.length > 0);
    expect(changes[0]).toMatchObject({ kind: 'edited', providerMessageId: id, text: 'better' });
    await harness.act('one', { kind: 'reacted', id: ours, from, emoji: '🎉' });
    await until('the reaction', () => changes.length > 1);
    expect(changes[1]).toMatchObject({ kind: 'reacted', providerMessageId: ours, from, emoji: '🎉' });
    await harness.act('one', { kind: 'reacted', id: ours, from, emoji: '' });
    await until('its end', () => changes.length > 2);
    expect(changes[2]).toMatchObject({ kind: 'reacted', providerMessageId: ours, emoji: '' });
    await harness.act('one', { kind: 'revoked', id });
    await until('the revocation', () => changes.length > 3);
    expect(changes[3]).toMatchObject({ kind: 'revoked', providerMessageId: id });
    const isVideo = !harness.lacks.has('video-calls');
    await harness.act('one', { kind: 'called', from, isVideo });
    await until('the call', () => changes.length > 4);
    expect(changes[4]).toMatchObject({ kind: 'called', from, isVideo, isGroup: false });
  });
};
