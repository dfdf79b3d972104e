import fc from 'fast-check';

import type { CloudUpdate } from './cloud-update.js';
import { groupUpdates, readUpdates } from './updates.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const SECONDS = NOW.getTime() / 1_000;
const DAY = 86_400;

const textMessage = (id: string, more: object = {}): object => ({
  ...{ from: '16505551234', id, timestamp: String(SECONDS), type: 'text', text: { body: `of ${id}` } },
  ...more,
});

const metadata = (phoneNumberId: string): object => ({
  metadata: { display_phone_number: '15550783881', phone_number_id: phoneNumberId },
});

const change = (value: object, field = 'messages'): object => ({ field, value: { ...metadata('106'), ...value } });
const notification = (...changes: readonly unknown[]): object => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '102', changes }],
});

const read = (body: unknown): readonly CloudUpdate[] => readUpdates(body, NOW);
const messages = (...list: readonly unknown[]): readonly CloudUpdate[] =>
  read(notification(change({ messages: list })));
const kinds = (updates: readonly CloudUpdate[]): readonly string[] => updates.map(({ kind }) => kind);
const keys = (updates: readonly CloudUpdate[]): readonly string[] => updates.map(({ key }) => key);

describe(readUpdates.name, () => {
  it('reads every entry, every change and every element', () => {
    const body = {
      object: 'whatsapp_business_account',
      entry: [
        { id: 'a', changes: [change({ messages: [textMessage('m1'), textMessage('m2')] })] },
        { id: 'b', changes: [change({ messages: [textMessage('m3')] }), change({ messages: [textMessage('m4')] })] },
      ],
    };
    expect(keys(read(body))).toEqual(['message:m1', 'message:m2', 'message:m3', 'message:m4']);
    expect(read(body).map(({ origin }) => origin.wabaId)).toEqual(['a', 'a', 'b', 'b']);
  });

  it('says where an update belongs to', () => {
    expect(messages(textMessage('m1'))[0]?.origin).toEqual({
      ...{ wabaId: '102', phoneNumberId: '106', phone: '+15550783881', field: 'messages' },
    });
  });

  it('shows a number in one way, however Meta writes it', () => {
    const metadata = { display_phone_number: '+1 555-078-3881', phone_number_id: '106' };
    const [update] = read(notification({ field: 'messages', value: { metadata, messages: [textMessage('m')] } }));
    expect(update).toMatchObject({ origin: { phone: '+15550783881' }, inbound: { message: { to: '+15550783881' } } });
  });

  it('reads all lists of one value', () => {
    const value = {
      messages: [textMessage('m1')],
      statuses: [{ id: 'm2', status: 'read', timestamp: String(SECONDS), recipient_id: '16505551234' }],
      errors: [{ code: 131_035, title: 'lost' }],
    };
    expect(kinds(read(notification(change(value))))).toEqual(['message', 'status', 'error']);
  });

  it('M7 quarantines one malformed update of a thousand and reads the others', () => {
    const list: unknown[] = Array.from({ length: 1_000 }, (_, index) => textMessage(`m${String(index)}`));
    list[500] = textMessage('m500', { text: null });
    const updates = messages(...list);
    expect(updates).toHaveLength(1_000);
    expect(updates.filter(({ kind }) => kind === 'message')).toHaveLength(999);
    expect(updates[500]).toMatchObject({ kind: 'malformed', reason: 'text.body is missing', raw: list[500] });
    expect(updates[501]?.key).toBe('message:m501');
  });

  it.each([
    ['a message that is no object', 7, 'an element of messages is no object'],
    ['a message without an id', textMessage(''), 'id is missing'],
    ['a message of nobody', textMessage('m', { from: '' }), 'nobody is named'],
    ['a time that is none', textMessage('m', { timestamp: 'soon' }), 'timestamp is no time'],
    ['a time beyond all calendars', textMessage('m', { timestamp: '999999999999999' }), 'timestamp is no time'],
    ['a time before 1970', textMessage('m', { timestamp: -5 }), 'timestamp is no time'],
    ['a picture without a file', textMessage('m', { type: 'image', image: {} }), 'image.id is missing'],
    ['a place without coordinates', textMessage('m', { type: 'location', location: { latitude: 'x' } }), 'coordinates'],
    ['no cards', textMessage('m', { type: 'contacts', contacts: [] }), 'contacts is empty'],
    [
      'a reaction to nothing',
      textMessage('m', { type: 'reaction', reaction: { emoji: '👍' } }),
      'message_id is missing',
    ],
  ])('names what is wrong with %s', (_name, message, reason) => {
    const [bad, good] = messages(message, textMessage('good'));
    expect(bad).toMatchObject({ kind: 'malformed', reason: expect.stringContaining(reason), raw: message });
    expect(good?.kind).toBe('message');
  });

  it.each([
    ['no object', [], 'the body is no object'],
    ['no entries', { object: 'whatsapp_business_account' }, 'there is no list of entries'],
    ['entries that are no list', { entry: {} }, 'there is no list of entries'],
    ['an entry that is none', { entry: [null] }, 'an entry is no object'],
    ['an entry without changes', { entry: [{ id: '1' }] }, 'an entry has no changes'],
    ['a change without a value', notification({ field: 'messages' }), 'a change has no value'],
    ['messages that are no list', notification(change({ messages: {} })), 'messages is not a list'],
  ])('keeps a body with %s', (_name, body, reason) => {
    expect(read(body)).toMatchObject([{ kind: 'malformed', reason }]);
  });

  it('M10 keeps what it does not know, as it came', () => {
    const value = { ...metadata('106'), surprise: [1] };
    expect(read(notification({ field: 'brand_new', value }))).toMatchObject([{ kind: 'unknown', raw: value }]);
    const page = { object: 'page', entry: [{ changes: [change({ messages: [textMessage('m')] })] }] };
    expect(read(page)).toMatchObject([{ kind: 'unknown', raw: page }]);
  });

  it('M10 reads a message of an unknown type as one that is not supported, and keeps it', () => {
    const hologram = textMessage('m', { type: 'hologram', hologram: { id: '1' } });
    expect(messages(hologram)).toMatchObject([
      {
        kind: 'message',
        inbound: {
          message: { type: 'unsupported', content: { providerType: 'hologram' }, text: null },
          extra: { raw: hologram },
        },
      },
    ]);
  });

  it.each([
    ...['flows', 'automatic_events', 'partner_solutions', 'payment_configuration_update', 'standby'],
    ...['group_lifecycle_update', 'group_participants_update', 'group_settings_update', 'group_status_update'],
    ...['account_settings_update', 'smb_app_state_sync'],
  ])('keeps a subject that nothing is done about: %s', (field) => {
    const value = { event: 'SOMETHING', errors: [{ error_type: 'TIMEOUT' }] };
    expect(read(notification({ field, value }))).toMatchObject([{ kind: 'notice', raw: value }]);
  });

  it.each([
    ['in its change', notification(change({ messages: [textMessage('m')] }))],
    ['nowhere', { entry: [{ changes: [{ value: { messages: [textMessage('m')] } }] }] }],
  ])('reads messages whose field stands %s', (_name, body) => {
    expect(kinds(read(body))).toEqual(['message']);
  });

  it.each([
    ['beside the changes', { field: 'account_update', changes: [{ value: { event: 'X' } }] }],
    ['inside of the value', { changes: [{ value: { event: 'X', field: 'account_update' } }] }],
  ])('reads an account whose field stands %s', (_name, entry) => {
    expect(read({ entry: [entry] })).toMatchObject([{ kind: 'account', update: { about: 'account', event: 'X' } }]);
  });
});

describe('the time of an update', () => {
  const timed = (timestamp: unknown): CloudUpdate | undefined => messages(textMessage('m', { timestamp }))[0];

  it.each([
    ['seconds as text', String(SECONDS), 'usual', SECONDS],
    ['seconds as a number', SECONDS, 'usual', SECONDS],
    ['M12 eight days ago', String(SECONDS - 8 * DAY), 'late', SECONDS - 8 * DAY],
    ['the first second of all', '0', 'late', 0],
    ['fifteen minutes ago', String(SECONDS - 900), 'usual', SECONDS - 900],
    ['just over fifteen minutes ago', String(SECONDS - 901), 'late', SECONDS - 901],
    ['M12 in the year 2100', '4102444800', 'future', 4_102_444_800],
    ['five minutes ahead', String(SECONDS + 300), 'usual', SECONDS + 300],
    ['just over five minutes ahead', String(SECONDS + 301), 'future', SECONDS + 301],
    ['none', undefined, 'absent', SECONDS],
    ['null', null, 'absent', SECONDS],
  ])('is accepted and says how it is: %s', (_name, timestamp, timing, seconds) => {
    expect(timed(timestamp)).toMatchObject({ kind: 'message', time: { at: new Date(seconds * 1_000), timing } });
  });

  it('says of a late message that it was caught up', () => {
    const isCatchUp = (seconds: number): unknown => timed(String(seconds));
    expect(isCatchUp(SECONDS - 8 * DAY)).toMatchObject({ inbound: { message: { isCatchUp: true } } });
    expect(isCatchUp(SECONDS)).toMatchObject({ inbound: { message: { isCatchUp: false } } });
  });

  it('is that of the entry for what has none of its own', () => {
    const entry = { id: '1', time: SECONDS, changes: [{ field: 'account_update', value: { event: 'X' } }] };
    expect(read({ entry: [entry] })[0]?.time).toEqual({ at: NOW, timing: 'usual' });
  });
});

describe('the key of an update', () => {
  const account = (time: number, value: object): object => ({
    entry: [{ id: '1', time, changes: [{ field: 'account_update', value }] }],
  });

  it('is the same in whatever batch it comes', () => {
    const [alone] = messages(textMessage('m1'));
    const [, second] = messages(textMessage('m0'), textMessage('m1'));
    expect(second?.key).toBe(alone?.key);
    const error = { code: 1 };
    const errorKeys = (value: object): readonly string[] => keys(read(notification(change(value))));
    expect(errorKeys({ messages: [textMessage('m')], errors: [error] })).toContain(errorKeys({ errors: [error] })[0]);
  });

  it('differs for each status, and for each participant of a group', () => {
    const status = { id: 'm', status: 'read', timestamp: '1', recipient_type: 'group', recipient_id: 'g' };
    const statuses = [
      { ...status, recipient_participant_id: '1' },
      { ...status, recipient_participant_id: '2' },
      { ...status, status: 'delivered', recipient_participant_id: '1' },
    ];
    expect(new Set(keys(read(notification(change({ statuses }))))).size).toBe(3);
  });

  it('differs for the same news at another time, and not for another order of its fields', () => {
    const [first] = read(account(1, { event: 'X', a: 1 }));
    expect(read(account(1, { a: 1, event: 'X' }))[0]?.key).toBe(first?.key);
    expect(read(account(2, { event: 'X', a: 1 }))[0]?.key).not.toBe(first?.key);
  });

  it('differs for malformed updates that differ', () => {
    const updates = messages(textMessage('a', { text: 1 }), textMessage('b', { text: 1 }));
    expect(new Set(keys(updates)).size).toBe(2);
  });
});

describe('a body of bytes', () => {
  const bytes = (text: string): readonly CloudUpdate[] => read(Buffer.from(text));

  it('is read as what was parsed', () => {
    const body = notification(change({ messages: [textMessage('m1'), textMessage('m2')] }));
    expect(bytes(JSON.stringify(body))).toEqual(read(body));
  });

  it('keeps the digits of ids that are larger than a number holds', () => {
    for (const id of ['9007199254740993', '9007199254740993123', '168', '999999999999999']) {
      const value = `{"event": "APPROVED", "message_template_id" : ${id}, "message_template_name": "a"}`;
      const body = `{"entry":[{"id":"1","changes":[{"field":"message_template_status_update","value":${value}}]}]}`;
      expect(bytes(body)).toMatchObject([{ update: { template: { id } } }]);
    }
  });

  it('changes no text that looks like such an id', () => {
    const texts = ['"id":12345678901234567890,', '{"id" : 12345678901234567890}', ':12345678901234567890,', '\\"id":'];
    for (const body of texts) {
      const [update] = bytes(
        JSON.stringify(notification(change({ messages: [textMessage('m', { text: { body } })] }))),
      );
      expect(update).toMatchObject({ inbound: { message: { text: body } } });
    }
    fc.assert(
      fc.property(fc.json(), (json) => {
        const text = JSON.stringify({ text: json, list: [json, { [json]: json }] });
        const list = notification(change({ messages: [textMessage('m', { text: { body: text } })] }));
        expect(bytes(JSON.stringify(list))).toMatchObject([{ inbound: { message: { text } } }]);
      }),
    );
  });

  it.each(['', 'not json', '{"entry":[', '\u0000'])('is kept when it is no JSON: %j', (text) => {
    expect(bytes(text)).toMatchObject([{ kind: 'malformed', reason: 'the body is not JSON', raw: text }]);
  });

  it('is read however deeply it is nested', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(kinds(bytes(deep))).toEqual(['malformed']);
    expect(kinds(bytes(`{"entry":[{"changes":[{"field":"x","value":{"a":${deep}}}]}]}`))).toEqual(['unknown']);
  });
});

describe('whatever comes', () => {
  const body = fc.oneof(fc.jsonValue({ maxDepth: 6 }), fc.anything());

  it('never throws', () => {
    fc.assert(
      fc.property(body, body, body, (value, element, entry) => {
        expect(Array.isArray(read(value))).toBe(true);
        read({ entry: [entry, { changes: [value, { field: 'messages', value }] }] });
        for (const update of messages(element, textMessage('good')).slice(-1)) expect(update.key).toBe('message:good');
      }),
      { numRuns: 500 },
    );
  });
});

describe(groupUpdates.name, () => {
  it('puts together what belongs to a number, and what belongs to an account', () => {
    const to = (phoneNumberId: string, id: string): object => ({
      field: 'messages',
      value: { ...metadata(phoneNumberId), messages: [textMessage(id)] },
    });
    const security = { field: 'security', value: { event: 'PIN_CHANGED' } };
    const body = { entry: [{ id: 'w', changes: [to('1', 'a'), to('2', 'b'), security, to('1', 'c')] }] };
    const groups = groupUpdates(read(body)).map((group) => [group.wabaId, group.phoneNumberId, keys(group.updates)]);
    expect(groups).toEqual([
      ['w', '1', ['message:a', 'message:c']],
      ['w', '2', ['message:b']],
      ['w', null, [expect.stringMatching(/^security:/)]],
    ]);
  });
});
