import type { CloudUpdate } from './cloud-update.js';
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

describe('what happens to a message', () => {
  it.each([
    [{ message_id: 'wamid.0', emoji: '😮' }, '😮'],
    [{ message_id: 'wamid.0', emoji: '' }, ''],
    [{ message_id: 'wamid.0' }, ''],
  ])('may be a reaction: %j', (reaction, emoji) => {
    expect(readOne({ type: 'reaction', reaction })).toMatchObject({
      kind: 'change',
      providerMessageId: 'wamid.1',
      change: { kind: 'reacted', providerMessageId: 'wamid.0', from: '+16505551234', emoji, at: AT },
    });
  });

  it.each([
    [{ type: 'text', text: { body: 'better' } }, 'better'],
    [{ type: 'image', image: { id: '1', caption: 'better' } }, 'better'],
    [{ type: 'image', image: { id: '1' } }, ''],
  ])('may be an edit: %j', (message, text) => {
    const edit = { original_message_id: 'wamid.0', message };
    expect(readOne({ type: 'edit', edit })).toMatchObject({
      change: { kind: 'edited', providerMessageId: 'wamid.0', text, at: AT },
    });
  });

  it('may be its end', () => {
    expect(readOne({ type: 'revoke', revoke: { original_message_id: 'wamid.0' } })).toMatchObject({
      change: { kind: 'revoked', providerMessageId: 'wamid.0', at: AT },
    });
  });
});

describe('what WhatsApp says about a person', () => {
  const system = (content: object, more: object = {}): CloudUpdate =>
    readOne({ type: 'system', system: content, ...more }, []);

  it.each(['wa_id', 'new_wa_id'])('may be another number, told as %s', (name) => {
    expect(system({ type: 'user_changed_number', [name]: '12195555358', body: 'changed' })).toMatchObject({
      kind: 'person',
      change: { kind: 'number-changed', previous: { waId: '16505551234' }, current: { waId: '12195555358' } },
    });
  });

  it('may be another id, of somebody without a number', () => {
    const change = { type: 'user_changed_user_id', user_id: 'IN.NEW', previous_user_id: 'IN.OLD' };
    expect(system(change, { from: undefined })).toMatchObject({
      kind: 'person',
      change: {
        kind: 'user-id-changed',
        previous: { waId: null, userId: 'IN.OLD' },
        current: { waId: null, userId: 'IN.NEW' },
      },
    });
  });

  it('may be told with the ids of the message', () => {
    const change = { type: 'user_changed_number', wa_id: '12195555358', parent_user_id: 'US.ENT.2', user_id: 'US.2' };
    const told = system(change, { from_user_id: 'US.1', from_parent_user_id: 'US.ENT.1' });
    expect(told).toMatchObject({
      change: {
        previous: { waId: '16505551234', userId: 'US.1', parentUserId: 'US.ENT.1' },
        current: { waId: '12195555358', userId: 'US.2', parentUserId: 'US.ENT.2' },
      },
    });
  });

  it('may be another identity, as it was told before', () => {
    expect(system({ type: 'customer_identity_changed', identity: 'xyz', customer: '1' })).toMatchObject({
      change: { kind: 'identity-changed', person: { waId: '16505551234' }, hash: 'xyz' },
    });
    expect(system({ type: 'customer_identity_changed', customer: '16505550000' }, { from: undefined })).toMatchObject({
      change: { person: { waId: '16505550000' }, hash: null },
    });
  });

  it('may be another identity', () => {
    const identity = { acknowledged: true, created_timestamp: '1', hash: 'xyz' };
    expect(system({ type: 'customer_identity_changed' }, { identity })).toMatchObject({
      change: { kind: 'identity-changed', person: { waId: '16505551234' }, hash: 'xyz' },
    });
  });

  it.each([{ type: 'something_new', wa_id: '1' }, { type: 'user_changed_number' }, {}])(
    'may be unknown: %j',
    (content) => {
      expect(system(content)).toMatchObject({ kind: 'unknown', raw: { id: 'wamid.1' } });
    },
  );

  it('was a field of its own before', () => {
    const update = { wa_id: '15557654321', user_id: { previous: 'US.1', current: 'US.2' }, timestamp: '1700000003' };
    const value = { user_id_update: [update, { user_id: {} }] };
    expect(readUpdates({ entry: [{ changes: [{ field: 'user_id_update', value }] }] }, AT)).toMatchObject([
      {
        kind: 'person',
        change: { kind: 'user-id-changed', previous: { userId: 'US.1' }, current: { userId: 'US.2' } },
      },
      { kind: 'unknown' },
    ]);
  });
});
