import { describeWithPayloads, samplesOf } from '../../../../test/support/meta-payloads.js';
import type { CloudStatus } from './cloud-update.js';
import { readStatus } from './statuses.js';
import { ContactBook } from './update-people.js';
import { readUpdates } from './updates.js';

const AT = new Date('2026-11-20T12:00:00Z');

const read = (more: object = {}, contacts: readonly object[] = []): CloudStatus =>
  readStatus(
    { id: 'wamid.1', status: 'sent', recipient_id: '16505551234', ...more },
    new ContactBook({ contacts }),
    AT,
  );

describe(readStatus.name, () => {
  it.each([
    ['sent', 'SENT'],
    ['delivered', 'DELIVERED'],
    ['read', 'READ'],
    ['played', 'PLAYED'],
  ])('is an ack: %s', (status, level) => {
    expect(read({ status }).ack).toEqual({ providerMessageId: 'wamid.1', level, at: AT });
  });

  it('tells why a message failed, in our words and in those of Meta', () => {
    const errors = [{ code: 131_047, title: 'Re-engagement', error_data: { details: 'More than 24 hours.' } }];
    const { ack, errors: all } = read({ status: 'failed', errors });
    expect(ack?.level).toBe('FAILED');
    expect(ack?.error).toEqual({ code: 'window-closed', detail: 'More than 24 hours. (131047)' });
    expect(all).toMatchObject([{ code: 131_047 }]);
  });

  it.each([[undefined], [[]], ['none']])('knows no reason where Meta told none: %j', (errors) => {
    expect(read({ status: 'failed', errors }).ack?.error?.code).toBe('meta-rejected');
  });

  it.each(['deleted', 'warning', 'teleported'])('moves nothing with %s', (status) => {
    expect(read({ status })).toMatchObject({ ack: null, status });
  });

  it('brings back what we gave the message, unchanged', () => {
    expect(read({ biz_opaque_callback_data: '{"id":"msg_1"}' }).ourId).toBe('{"id":"msg_1"}');
    expect(read().ourId).toBeNull();
  });

  it('names the recipient by number, by id, or by both', () => {
    expect(read().recipient).toMatchObject({ waId: '16505551234', userId: null, address: '+16505551234' });
    const ids = { recipient_id: undefined, recipient_user_id: 'US.1' };
    expect(read({ ...ids, recipient_parent_user_id: 'US.ENT.1' }).recipient).toMatchObject({
      ...{ waId: null, userId: 'US.1', parentUserId: 'US.ENT.1', address: 'US.1' },
    });
    expect(read({ ...ids, parent_recipient_user_id: 'US.ENT.2' }).recipient?.parentUserId).toBe('US.ENT.2');
    expect(read({ recipient_id: undefined }).recipient).toBeNull();
  });

  it('learns from the people beside it which number and which id are one person', () => {
    const contacts = [{ profile: { name: 'Pablo' }, wa_id: '16505551234', user_id: 'US.1' }];
    expect(read({}, contacts).recipient).toMatchObject({ waId: '16505551234', userId: 'US.1', name: 'Pablo' });
    expect(read({ recipient_id: undefined, recipient_user_id: 'US.1' }, contacts).recipient?.waId).toBe('16505551234');
  });

  it('tells whose status it is in a group', () => {
    const status = read({ recipient_type: 'group', recipient_id: 'Y2Fw', recipient_participant_id: '16315551234' });
    expect(status).toMatchObject({ group: 'Y2Fw', participant: { waId: '16315551234' }, recipient: null });
    expect(read()).toMatchObject({ group: null, participant: null });
  });

  it.each([
    [{ billable: true, pricing_model: 'CBP', category: 'service' }, true],
    [{ billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' }, false],
    [{ pricing_model: 'PMP', type: 'regular', category: 'utility' }, true],
    [{ pricing_model: 'PMP', type: 'free_entry_point', category: 'marketing' }, false],
  ])('tells whether it costs: %j', (pricing, isBillable) => {
    expect(read({ pricing }).pricing).toMatchObject({ isBillable, category: pricing.category });
  });

  it('tells of a conversation while there is one', () => {
    const conversation = { id: 'c', expiration_timestamp: '1750289273', origin: { type: 'referral_conversion' } };
    expect(read({ conversation }).conversation).toEqual({
      ...{ id: 'c', expiresAt: new Date(1_750_289_273_000), origin: 'referral_conversion' },
    });
    expect(read().conversation).toBeNull();
  });

  it.each([{ id: undefined }, { status: undefined }])('needs an id and a status: %j', (more) => {
    expect(() => read(more)).toThrow('is missing');
  });
});

describeWithPayloads('samples of failed messages', () => {
  it('have a reason of their own for each code', () => {
    const reasons = samplesOf('status')
      .filter(({ name }) => name.includes('failed-'))
      .flatMap(({ name, json }) => readUpdates(json, AT).map((update) => [name, update] as const))
      .map(([name, update]) => [
        Number(/failed-(\d+)/.exec(name)?.[1]),
        update.kind === 'status' ? update.status.ack?.error?.code : update.kind,
      ]);
    expect(Object.fromEntries(reasons)).toEqual({
      130403: 'recipient-blocked-by-us',
      130472: 'recipient-in-experiment',
      131000: 'meta-failed',
      131036: 'expired-before-delivery',
      131047: 'window-closed',
      131049: 'marketing-limit-of-recipient',
      131050: 'recipient-opted-out',
      131053: 'media-refused',
      137000: 'recipient-identity-changed',
    });
  });
});
