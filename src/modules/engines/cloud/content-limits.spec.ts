import fc from 'fast-check';

import type { PhoneNumber } from '../../../kernel/phone-number.js';
import type { MediaType, MessageReference, OutboundContent, OutboundMedia } from '../engine.content.js';
import type { CloudContent } from './cloud-content.js';
import { ContentRefusedError } from './content-fault.js';
import { messageBody, messageFaults, type OutboundMessage } from './message-body.js';

const TO = '+16505551234' as PhoneNumber;

const media = (more: Partial<OutboundMedia> = {}): OutboundMedia => ({
  ...{ mimeType: 'image/png', fileName: 'look.png', sizeBytes: 10, sha256: 'hash' },
  open: () => Promise.reject(new Error('nobody reads it here')),
  ...more,
});

const reference: MessageReference = { providerMessageId: 'wamid.0', isOurs: false, chat: TO };

const message = (content: OutboundContent | CloudContent, more: Partial<OutboundMessage> = {}): OutboundMessage => ({
  ...{ to: { phone: TO }, content, quotedId: null, mediaId: null, ourId: 'msg_1' },
  ...more,
});

const text = (body: string): OutboundMessage => message({ type: 'text', text: body });

const faults = (given: OutboundMessage): readonly (readonly [string, string])[] =>
  messageFaults(given).map(({ place, limit }) => [place, limit] as const);

describe('the limits of a message', () => {
  it('takes a text of 4096 characters, and no more', () => {
    expect(faults(text('é'.repeat(4_096)))).toEqual([]);
    expect(faults(text('😀'.repeat(4_096)))).toEqual([]);
    expect(faults(text('é'.repeat(4_097)))).toEqual([['/text', 'length']]);
    expect(messageFaults(text('a'.repeat(4_097)))[0]?.detail).toBe('has 4097 characters; at most 4096 are allowed.');
  });

  it('takes no mentions', () => {
    expect(faults(message({ type: 'text', text: 'a', mentions: [] }))).toEqual([]);
    expect(faults(message({ type: 'text', text: 'a', mentions: [TO] }))).toEqual([['/mentions', 'not-supported']]);
  });

  it.each(['', '  ', '\n'])('takes no empty text: %j', (body) => {
    expect(faults(text(body))).toEqual([['/text', 'empty']]);
  });

  it('takes a caption of 1024 characters, and none where there is no place for it', () => {
    const captioned = (type: MediaType, mimeType: string, caption: string): OutboundMessage =>
      message({ type, media: media({ mimeType }), caption }, { mediaId: '1' });
    expect(faults(captioned('image', 'image/png', 'a'.repeat(1_024)))).toEqual([]);
    expect(faults(captioned('document', 'text/plain', 'a'.repeat(1_025)))).toEqual([['/caption', 'length']]);
    expect(faults(captioned('audio', 'audio/ogg', 'a'))).toEqual([['/caption', 'not-allowed']]);
    expect(faults(captioned('sticker', 'image/webp', 'a'))).toEqual([['/caption', 'not-allowed']]);
  });

  it.each<[MediaType, string, number]>([
    ['image', 'image/jpeg', 5_242_880],
    ['video', 'video/3gpp', 16_777_216],
    ['audio', 'audio/aac', 16_777_216],
    ['voice', 'audio/ogg', 16_777_216],
    ['document', 'application/vnd.ms-excel', 104_857_600],
    ['sticker', 'image/webp', 512_000],
  ])('takes a file of its largest size and no larger one: %s', (type, mimeType, sizeBytes) => {
    const sized = (bytes: number): OutboundMessage =>
      message({ type, media: media({ mimeType, sizeBytes: bytes }) }, { mediaId: '1' });
    expect(faults(sized(sizeBytes))).toEqual([]);
    expect(faults(sized(sizeBytes + 1))).toEqual([['/media', 'size']]);
    expect(faults(sized(0))).toEqual([['/media', 'empty']]);
  });

  it.each<[MediaType, string]>([
    ['image', 'image/webp'],
    ['image', 'application/octet-stream'],
    ['voice', 'audio/mpeg'],
    ['audio', 'audio/opus'],
    ['video', 'video/webm'],
    ['document', 'application/zip'],
    ['sticker', 'image/png'],
  ])('takes no file of a type that is not supported: %s of %s', (type, mimeType) => {
    expect(faults(message({ type, media: media({ mimeType }) }, { mediaId: '1' }))).toEqual([
      ['/media/mimeType', 'mime-type'],
    ]);
  });

  it('takes no file that is not uploaded', () => {
    expect(faults(message({ type: 'image', media: media() }))).toEqual([['/media', 'not-uploaded']]);
  });

  it('takes 1 to 257 cards, each with a name', () => {
    const cards = (count: number, name = 'a'): OutboundMessage =>
      message({ type: 'contacts', contacts: Array.from({ length: count }, () => ({ name, phones: [] })) });
    expect(faults(cards(257))).toEqual([]);
    expect(faults(cards(258))).toEqual([['/contacts', 'count']]);
    expect(faults(cards(0))).toEqual([['/contacts', 'count']]);
    expect(faults(cards(1, ' '))).toEqual([['/contacts/0/name', 'empty']]);
  });

  it.each(['👍', '❤️', '❤', '👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇧🇷', '1️⃣', '👍🏽'])('takes the emoji %s', (emoji) => {
    expect(faults(message({ type: 'reaction', target: reference, emoji }))).toEqual([]);
  });

  it.each(['a', 'ok', '👍👍', ' ', '1', ':)'])('takes no reaction that is no emoji: %j', (emoji) => {
    expect(faults(message({ type: 'reaction', target: reference, emoji }))).toEqual([['/emoji', 'not-an-emoji']]);
  });

  it('takes no reaction that answers another message', () => {
    const reaction = { type: 'reaction', target: reference, emoji: '👍' } as const;
    expect(faults(message(reaction, { quotedId: 'wamid.0' }))).toEqual([['/quoted', 'not-allowed']]);
  });

  it.each<OutboundContent>([
    { type: 'poll', question: 'a', options: ['b'], allowsSeveral: false },
    { type: 'edit', target: reference, text: 'a' },
    { type: 'revoke', target: reference },
    { type: 'forward', target: reference },
  ])('takes no $type', (content) => {
    expect(faults(message(content))).toEqual([['/type', 'not-supported']]);
    expect(() => messageBody(message(content))).toThrow(`${content.type} cannot be sent by the Cloud API.`);
  });

  it.each(['user.9373', 'us.1', 'US.', 'US.a-b', `US.${'1'.repeat(129)}`])('takes no user id such as %s', (userId) => {
    expect(faults(message({ type: 'text', text: 'a' }, { to: { userId } }))).toEqual([['/to', 'not-a-recipient']]);
  });

  it('takes the id of somebody within a group of businesses', () => {
    const to = { userId: 'US.ENT.11815799212886844830' };
    expect(faults(message({ type: 'text', text: 'a' }, { to }))).toEqual([]);
  });

  it('takes an id of ours of 512 characters', () => {
    expect(faults(message({ type: 'text', text: 'a' }, { ourId: 'a'.repeat(512) }))).toEqual([]);
    expect(faults(message({ type: 'text', text: 'a' }, { ourId: 'a'.repeat(513) }))).toEqual([['/ourId', 'length']]);
  });

  it('throws exactly when it finds a fault', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 5_000, size: 'max' }),
        fc.double(),
        fc.double(),
        (body, latitude, longitude) => {
          for (const given of [text(body), message({ type: 'location', latitude, longitude })]) {
            const isRefused = messageFaults(given).length > 0;
            const attempt = (): unknown => messageBody(given);
            if (isRefused) expect(attempt).toThrow(ContentRefusedError);
            else expect(attempt).not.toThrow();
          }
        },
      ),
    );
  });
});
