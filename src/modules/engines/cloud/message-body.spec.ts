import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import type { PhoneNumber } from '../../../kernel/phone-number.js';
import type { MediaType, MessageReference, OutboundContent, OutboundMedia } from '../engine.content.js';
import { SendRefusedError } from '../engine.errors.js';
import type { CloudContent } from './cloud-content.js';
import { ContentRefusedError } from './content-fault.js';
import { MEDIA_LIMITS } from './content-limits.js';
import { messageBody, type OutboundMessage } from './message-body.js';

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

describe(messageBody.name, () => {
  it('sends a text to a number with its plus, and our id', () => {
    expect(messageBody(text('hello'))).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '+16505551234',
      type: 'text',
      text: { body: 'hello', preview_url: false },
      biz_opaque_callback_data: 'msg_1',
    });
  });

  it('shows a preview when that is wanted', () => {
    expect(messageBody(message({ type: 'text', text: 'https://x', linkPreview: true }))).toMatchObject({
      text: { preview_url: true },
    });
  });

  it('sends to a person without a number, and to a group', () => {
    const byUser = messageBody(message({ type: 'text', text: 'a' }, { to: { userId: 'US.13491208655302741918' } }));
    expect(byUser).toMatchObject({ recipient_type: 'individual', recipient: 'US.13491208655302741918' });
    expect(byUser).not.toHaveProperty('to');
    expect(messageBody(message({ type: 'text', text: 'a' }, { to: { groupId: 'Y2Fw' } }))).toMatchObject({
      ...{ recipient_type: 'group', to: 'Y2Fw' },
    });
  });

  it('answers a message', () => {
    expect(messageBody(message({ type: 'text', text: 'a' }, { quotedId: 'wamid.0' }))).toMatchObject({
      context: { message_id: 'wamid.0' },
    });
    expect(messageBody(text('a'))).not.toHaveProperty('context');
  });

  it.each<[MediaType, string, object]>([
    ['image', 'image/jpeg', { type: 'image', image: { id: '77', caption: 'look' } }],
    ['video', 'video/mp4', { type: 'video', video: { id: '77', caption: 'look' } }],
    [
      'document',
      'application/pdf',
      { type: 'document', document: { id: '77', filename: 'look.png', caption: 'look' } },
    ],
    ['audio', 'audio/mpeg', { type: 'audio', audio: { id: '77' } }],
    ['voice', 'audio/ogg; codecs=opus', { type: 'audio', audio: { id: '77', voice: true } }],
    ['sticker', 'image/webp', { type: 'sticker', sticker: { id: '77' } }],
  ])('sends a file that was uploaded: %s', (type, mimeType, part) => {
    const caption = MEDIA_LIMITS[type].hasCaption ? { caption: 'look' } : {};
    const { messaging_product, recipient_type, to, biz_opaque_callback_data, ...rest } = messageBody(
      message({ type, media: media({ mimeType }), ...caption }, { mediaId: '77' }),
    ) as Record<string, unknown>;
    expect([messaging_product, recipient_type, to, biz_opaque_callback_data]).toEqual([
      ...['whatsapp', 'individual', TO, 'msg_1'],
    ]);
    expect(rest).toEqual(part);
  });

  it('leaves out a name that a document does not have', () => {
    const content = { type: 'document', media: media({ mimeType: 'text/plain', fileName: null }) } as const;
    expect(messageBody(message(content, { mediaId: '77' }))).toMatchObject({ document: { id: '77' } });
    expect(messageBody(message(content, { mediaId: '77' }))).not.toHaveProperty('document.filename');
  });

  it('sends a place', () => {
    const content = { type: 'location', latitude: 40.5, longitude: -73.9, name: 'Museum' } as const;
    expect(messageBody(message(content))).toMatchObject({
      type: 'location',
      location: { latitude: 40.5, longitude: -73.9, name: 'Museum' },
    });
  });

  it('sends cards', () => {
    const contact = { name: 'Barbara', phones: [TO], organization: 'Shrub', email: 'b@example.com' };
    expect(messageBody(message({ type: 'contacts', contacts: [contact] }))).toMatchObject({
      type: 'contacts',
      contacts: [
        {
          name: { formatted_name: 'Barbara', first_name: 'Barbara' },
          phones: [{ phone: TO, wa_id: '16505551234', type: 'CELL' }],
          org: { company: 'Shrub' },
          emails: [{ email: 'b@example.com' }],
        },
      ],
    });
  });

  it.each(['👍', ''])('sends a reaction, and takes it back: %j', (emoji) => {
    expect(messageBody(message({ type: 'reaction', target: reference, emoji }))).toMatchObject({
      type: 'reaction',
      reaction: { message_id: 'wamid.0', emoji },
    });
  });

  it('sends a template', () => {
    const components = [{ type: 'body', parameters: [{ type: 'text', text: 'Pablo' }] }] as const;
    expect(messageBody(message({ type: 'template', name: 'order', language: 'pt_BR', components }))).toMatchObject({
      type: 'template',
      template: { name: 'order', language: { code: 'pt_BR' }, components },
    });
    const without = messageBody(message({ type: 'template', name: 'order', language: 'en', components: [] }));
    expect(without).not.toHaveProperty('template.components');
  });

  it('sends an interactive message', () => {
    const content = { type: 'cta-url', body: 'See', label: 'See dates', url: 'https://example.com' } as const;
    expect(messageBody(message(content, { quotedId: 'wamid.0' }))).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: TO,
      context: { message_id: 'wamid.0' },
      type: 'interactive',
      interactive: {
        type: 'cta_url',
        body: { text: 'See' },
        action: { name: 'cta_url', parameters: { display_text: 'See dates', url: 'https://example.com' } },
      },
      biz_opaque_callback_data: 'msg_1',
    });
    expect(() => messageBody(message({ ...content, url: 'example.com' }))).toThrow('/url: must begin with https://');
    expect(() => messageBody(message({ type: 'template', name: 'A', language: 'en', components: [] }))).toThrow(
      '/name',
    );
  });

  it('refuses what Meta would refuse, and names every place', () => {
    const content = { type: 'location', latitude: 91, longitude: 181 } as const;
    const refused = (): unknown => messageBody(message(content));
    expect(refused).toThrow(ContentRefusedError);
    expect(refused).toThrow(SendRefusedError);
    expect(refused).toThrow('/latitude: must be from -90 to 90. /longitude: must be from -180 to 180.');
  });
});

describeWithPayloads('requests as Meta documents them', () => {
  const request = (name: string): object => {
    const [sample] = samplesOf('outbound/requests').filter((one) => one.name.endsWith(`/${name}.json`));
    return sample?.json as object;
  };
  const bodyOf = (content: OutboundContent | CloudContent, more: Partial<OutboundMessage> = {}): object => {
    const { biz_opaque_callback_data, ...body } = messageBody(message(content, more)) as Record<string, unknown>;
    expect(biz_opaque_callback_data).toBe('msg_1');
    return body;
  };
  const pdf = media({ mimeType: 'application/pdf', fileName: 'order_abc123.pdf' });

  it.each<[string, OutboundContent, Partial<OutboundMessage>]>([
    [
      'text-05',
      {
        ...{ type: 'text', linkPreview: true },
        text: "As requested, here's the link to our latest product: https://www.meta.com/quest/quest-3/",
      },
      {},
    ],
    [
      'image-01',
      { type: 'image', media: media(), caption: 'The best succulent ever?' },
      { mediaId: '1479537139650973' },
    ],
    [
      'document-01',
      { type: 'document', media: pdf, caption: 'Your order confirmation (PDF)' },
      { mediaId: '1376223850470843' },
    ],
    ['audio-01', { type: 'voice', media: media({ mimeType: 'audio/ogg' }) }, { mediaId: '1013859600285441' }],
    [
      'video-01',
      { type: 'video', media: media({ mimeType: 'video/mp4' }), caption: 'A succulent eclipse!' },
      { mediaId: '1166846181421424' },
    ],
    [
      'reaction',
      {
        ...{ type: 'reaction', emoji: '😀' },
        target: { ...reference, providerMessageId: 'wamid.HBgLMTY0NjcwNDM1OTUVAgASGBQzQUZCMTY0MDc2MUYwNzBDNTY5MAA=' },
      },
      {},
    ],
  ])('are written: %s', (name, content, more) => {
    expect(bodyOf(content, more)).toEqual(request(name));
  });

  it('answer a message', () => {
    const quotedId = 'wamid.HBgLMTY0NjcwNDM1OTUVAgASGBQzQTdCNTg5RjY1MEMyRjlGMjRGNgA=';
    expect(bodyOf({ type: 'text', text: "You're welcome, Pablo!" }, { quotedId })).toMatchObject(request('text-06'));
  });
});
