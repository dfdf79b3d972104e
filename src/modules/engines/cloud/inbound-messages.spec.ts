import type { CloudInbound, CloudUpdate } from './cloud-update.js';
import { readUpdates } from './updates.js';

const AT = new Date('2026-11-20T12:00:00Z');
const PABLO = { profile: { name: 'Pablo' }, wa_id: '16505551234' };

const readOne = (message: object, contacts: readonly object[] = [PABLO]): CloudUpdate => {
  const whole = { from: '16505551234', id: 'wamid.1', timestamp: String(AT.getTime() / 1_000), ...message };
  const metadata = { display_phone_number: '15550783881', phone_number_id: '106' };
  const value = { metadata, contacts, messages: [whole] };
  const [update] = readUpdates({ entry: [{ id: '102', changes: [{ field: 'messages', value }] }] }, AT);
  if (update === undefined) throw new Error('nothing was read');
  return update;
};

const inbound = (message: object, contacts?: readonly object[]): CloudInbound => {
  const update = readOne(message, contacts);
  if (update.kind !== 'message') throw new Error(`a ${update.kind} was read: ${JSON.stringify(update)}`);
  return update.inbound;
};

const TEXT = { type: 'text', text: { body: 'hello' } };

describe('a message that comes in', () => {
  it('is a message of the port', () => {
    expect(inbound(TEXT).message).toEqual({
      providerMessageId: 'wamid.1',
      from: '+16505551234',
      to: '+15550783881',
      group: null,
      type: 'text',
      text: 'hello',
      content: null,
      media: null,
      quotedProviderMessageId: null,
      at: AT,
      isCatchUp: false,
    });
  });

  it('may be written in a group, and answer another', () => {
    const { message } = inbound({ ...TEXT, group_id: 'Y2Fw', context: { from: '15550783881', id: 'wamid.0' } });
    expect(message).toMatchObject({ group: 'Y2Fw', quotedProviderMessageId: 'wamid.0' });
  });

  it('may be forwarded, often or not', () => {
    expect(inbound({ ...TEXT, context: { forwarded: true } })).toMatchObject({
      message: { content: { isForwarded: true }, quotedProviderMessageId: null },
      extra: { isFrequentlyForwarded: false },
    });
    expect(inbound({ ...TEXT, context: { frequently_forwarded: true } })).toMatchObject({
      message: { content: { isForwarded: true } },
      extra: { isFrequentlyForwarded: true },
    });
  });

  it('may be an empty text', () => {
    expect(inbound({ type: 'text', text: { body: '' } }).message).toMatchObject({ type: 'text', text: '' });
  });

  it.each(['image', 'video', 'audio', 'document', 'sticker'])('may be a file: %s', (type) => {
    const file = { id: '77', mime_type: 'a/b', sha256: 'hash=', url: 'https://x', filename: 'ü.pdf', caption: 'look' };
    expect(inbound({ type, [type]: file })).toMatchObject({
      message: { type, text: 'look', media: { mimeType: 'a/b', fileName: 'ü.pdf', sizeBytes: null } },
      extra: { media: { id: '77', url: 'https://x', sha256: 'hash=', isAnimated: false }, raw: null },
    });
  });

  it('is a voice note when it says so', () => {
    expect(inbound({ type: 'audio', audio: { id: '1', voice: true } }).message.type).toBe('voice');
    expect(inbound({ type: 'audio', audio: { id: '1', voice: false } }).message.type).toBe('audio');
  });

  it('has no file to fetch when Meta could not have it', () => {
    const errors = [{ code: 131_052, title: 'Media download error' }];
    const { message, extra } = inbound({ type: 'image', image: { id: '1', caption: 'look' }, errors });
    expect(message).toMatchObject({ type: 'image', text: 'look', media: null });
    expect(extra).toMatchObject({ media: null, errors: [{ code: 131_052 }] });
  });

  it.each([
    [{ latitude: 40.5, longitude: -73.9, name: 'Museum', address: '5th Ave', url: 'https://x' }],
    [{ latitude: '40.5', longitude: '-73.9', name: 'Museum', address: '5th Ave' }],
  ])('may be a place: %j', (location) => {
    const place = { latitude: 40.5, longitude: -73.9, name: 'Museum', address: '5th Ave' };
    expect(inbound({ type: 'location', location }).message.content).toEqual({ location: place });
  });

  it('leaves out what a place does not have', () => {
    const content = inbound({ type: 'location', location: { latitude: 0, longitude: 0 } }).message.content;
    expect(content).toEqual({ location: { latitude: 0, longitude: 0 } });
  });

  it('may be cards', () => {
    const contacts = [
      { name: { formatted_name: 'Barbara J.' }, phones: [{ phone: '+1 (415) 555-0829', wa_id: '14155550829' }] },
      { name: { first_name: 'Chandler', last_name: 'Bing' }, phones: [{ phone: '+1 202-555-0110' }, { phone: 'x' }] },
      { origin: 'contact_request', phones: [{}] },
    ];
    const { message, extra } = inbound({ type: 'contacts', contacts });
    expect(message.content?.contacts).toEqual([
      { name: 'Barbara J.', phones: ['+14155550829'] },
      { name: 'Chandler Bing', phones: ['+12025550110', 'x'] },
      { name: '', phones: [] },
    ]);
    expect(extra.contactOrigin).toBe('contact_request');
  });

  it.each([
    ['button_reply', 'button', null],
    ['list_reply', 'list', 'Next day'],
  ])('may be a tap: %s', (type, kind, description) => {
    const choice = { id: 'yes', title: 'Yes, please', ...(description !== null && { description }) };
    const { message, extra } = inbound({ type: 'interactive', interactive: { type, [type]: choice } });
    expect(message).toMatchObject({ type: 'text', text: 'Yes, please' });
    expect(extra.reply).toEqual({ kind, id: 'yes', title: 'Yes, please', description });
  });

  it('may be a tap on a button of a template', () => {
    const { message, extra } = inbound({ type: 'button', button: { payload: 'STOP', text: 'Unsubscribe' } });
    expect(message).toMatchObject({ type: 'text', text: 'Unsubscribe' });
    expect(extra.reply).toEqual({ kind: 'quick-reply', id: 'STOP', title: 'Unsubscribe', description: null });
  });

  it.each([
    ['{"rating":"4"}', { rating: '4' }, '{"rating":"4"}'],
    ['{invalid', null, '{invalid'],
    ['[1]', null, '[1]'],
    [null, null, null],
  ])('may be a flow that was filled in: %j', (response_json, response, responseText) => {
    const nfm_reply = { name: 'flow', body: 'Sent', response_json };
    const { message, extra } = inbound({ type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply } });
    expect(message).toMatchObject({ type: 'unsupported', text: 'Sent' });
    expect(extra.reply).toEqual({ kind: 'flow', name: 'flow', response, responseText });
    expect(extra.raw).not.toBeNull();
  });

  it.each([
    [{ response: 'accept', expiration_timestamp: 1_753_186_982 }, true, new Date('2025-07-22T12:23:02Z')],
    [{ response: 'reject' }, false, null],
  ])('may allow calls, or not: %j', (call_permission_reply, isGranted, expiresAt) => {
    const interactive = { type: 'call_permission_reply', call_permission_reply };
    const { extra } = inbound({ type: 'interactive', interactive });
    expect(extra.reply).toEqual({ kind: 'call-permission', isGranted, isPermanent: false, expiresAt });
  });

  it.each([
    [{ type: 'payment_method' }, 'interactive:payment_method'],
    [undefined, 'interactive'],
  ])('may be a tap on something new: %j', (interactive, providerType) => {
    const { message, extra } = inbound({ type: 'interactive', interactive });
    expect(message).toMatchObject({ type: 'unsupported', content: { providerType } });
    expect(extra.raw).toMatchObject({ id: 'wamid.1' });
  });

  it('may be an order', () => {
    const item = { product_retailer_id: 'SODA', quantity: 2, item_price: '9.5', currency: 'ILS' };
    const order = { catalog_id: '35', text: 'soon please', product_items: [item] };
    const { message, extra } = inbound({ type: 'order', order });
    expect(message).toMatchObject({ type: 'unsupported', text: 'soon please', content: { providerType: 'order' } });
    expect(extra.order).toEqual({
      catalogId: '35',
      items: [{ productId: 'SODA', quantity: 2, price: 9.5, currency: 'ILS' }],
    });
  });

  it.each([
    [{ unsupported: { type: 'poll_creation' } }, 'poll_creation'],
    [{}, 'unsupported'],
  ])('may be of a type that Meta does not hand on: %j', (more, providerType) => {
    const errors = [{ code: 131_051, details: 'not supported' }];
    const { message, extra } = inbound({ type: 'unsupported', errors, ...more });
    expect(message).toMatchObject({ type: 'unsupported', content: { providerType } });
    expect(extra.errors).toMatchObject([{ code: 131_051, detail: 'not supported' }]);
  });

  it('may come from an advertisement, or ask about a product', () => {
    const referral = { source_url: 'https://fb.me/1', source_id: '12', source_type: 'ad', headline: 'h', body: 'b' };
    const context = { referred_product: { catalog_id: '19', product_retailer_id: 'di9' } };
    expect(inbound({ ...TEXT, referral, context }).extra).toMatchObject({
      referral: { url: 'https://fb.me/1', sourceId: '12', sourceType: 'ad', headline: 'h', body: 'b', clickId: null },
      product: { catalogId: '19', productId: 'di9' },
    });
  });
});

describe('who wrote', () => {
  const OTHER = { profile: { name: 'Kerry' }, wa_id: '16315551234' };
  const userOnly = { profile: { name: 'Sheena', username: '@sheena' }, user_id: 'US.1', parent_user_id: 'US.ENT.1' };

  it('is found by id and not by position', () => {
    expect(inbound(TEXT, [OTHER, PABLO]).person.name).toBe('Pablo');
    expect(inbound(TEXT, [OTHER]).person).toMatchObject({ name: null, waId: '16505551234' });
  });

  it('may have no name, or be told of nowhere', () => {
    expect(inbound(TEXT, [{ profile: {}, wa_id: '16505551234' }]).person.name).toBeNull();
    expect(inbound(TEXT, []).person).toEqual({
      ...{ address: '+16505551234', phoneKey: '+16505551234', waId: '16505551234' },
      ...{ userId: null, parentUserId: null, name: null, username: null },
    });
  });

  it('may have no number', () => {
    const nobody = { from: undefined, from_user_id: 'US.1', from_parent_user_id: 'US.ENT.1' };
    const { message, person } = inbound({ ...TEXT, ...nobody }, [userOnly]);
    expect(message.from).toBe('US.1');
    expect(person).toEqual({
      ...{ address: 'US.1', phoneKey: null, waId: null, userId: 'US.1', parentUserId: 'US.ENT.1' },
      ...{ name: 'Sheena', username: 'sheena' },
    });
  });

  it('may have an empty number, as earlier samples have it', () => {
    const message = { ...TEXT, from: '', from_user_id: 'US.1' };
    expect(inbound(message, [{ ...userOnly, wa_id: '' }]).person).toMatchObject({ waId: null, address: 'US.1' });
  });

  it('is who is told of, when the message names nobody and there is only one', () => {
    expect(inbound({ ...TEXT, from: undefined }, [userOnly]).person.userId).toBe('US.1');
    expect(readOne({ ...TEXT, from: undefined }, [userOnly, OTHER]).kind).toBe('malformed');
  });

  it('has both a number and an id when both are told', () => {
    const both = { ...PABLO, user_id: 'US.1', identity_key_hash: 'hash=' };
    const { person, extra } = inbound(TEXT, [OTHER, both]);
    expect(person).toMatchObject({ waId: '16505551234', userId: 'US.1', address: '+16505551234' });
    expect(extra.identityKeyHash).toBe('hash=');
  });

  it('is one person with and without the ninth digit, and is answered at the number that wrote', () => {
    const contacts = [OTHER, { profile: { name: 'Cliente' }, wa_id: '555180001234' }];
    const long = inbound({ ...TEXT, from: '5551980001234' }, contacts).person;
    const short = inbound({ ...TEXT, from: '555180001234' }, contacts).person;
    expect([long.name, short.name]).toEqual(['Cliente', 'Cliente']);
    expect(long.phoneKey).toBe(short.phoneKey);
    expect([long.address, short.address]).toEqual(['+5551980001234', '+555180001234']);
  });
});
