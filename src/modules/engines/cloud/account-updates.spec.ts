import { readAccountUpdate } from './account-updates.js';

const TEMPLATE = {
  message_template_id: '168',
  message_template_name: 'order',
  message_template_language: 'en_US',
  message_template_category: 'UTILITY',
};
const template = { id: '168', name: 'order', language: 'en_US', category: 'UTILITY' };

describe(readAccountUpdate.name, () => {
  it('tells what became of a template', () => {
    const value = { ...TEMPLATE, event: 'REJECTED', reason: 'SCAM' };
    expect(readAccountUpdate('message_template_status_update', value)).toEqual({
      ...{ about: 'template-status', template, status: 'REJECTED', reason: 'SCAM', detail: null, disableAt: null },
    });
  });

  it.each([['NONE'], [null], [undefined]])('has no reason where there is none: %j', (reason) => {
    const value = { ...TEMPLATE, event: 'PENDING_DELETION', reason };
    expect(readAccountUpdate('message_template_status_update', value)).toMatchObject({ reason: null });
  });

  it('tells why a template is paused, and until when it lives', () => {
    const paused = { event: 'PAUSED', other_info: { title: 'FIRST_PAUSE', description: 'Low quality.' } };
    expect(readAccountUpdate('message_template_status_update', paused)).toMatchObject({
      detail: 'FIRST_PAUSE: Low quality.',
    });
    const rejected = { event: 'REJECTED', rejection_info: { reason: 'Bad format', recommendation: 'Be short.' } };
    expect(readAccountUpdate('message_template_status_update', rejected)).toMatchObject({
      detail: 'Bad format: Be short.',
    });
    for (const disable_date of [1_751_234_563, '1751234563']) {
      const flagged = { event: 'FLAGGED', disable_info: { disable_date } };
      expect(readAccountUpdate('message_template_status_update', flagged)).toMatchObject({
        disableAt: new Date(1_751_234_563_000),
      });
    }
  });

  it.each(['message_template_quality_update', 'message_template_status_update'])('tells of quality in %s', (field) => {
    const value = { ...TEMPLATE, previous_quality_score: 'GREEN', new_quality_score: 'RED' };
    expect(readAccountUpdate(field, value)).toEqual({
      ...{ about: 'template-quality', template, previous: 'GREEN', current: 'RED' },
    });
  });

  it('goes by what happened where a quality stands beside it', () => {
    const value = { ...TEMPLATE, event: 'PAUSED', new_quality_score: 'RED' };
    expect(readAccountUpdate('message_template_status_update', value)).toMatchObject({ status: 'PAUSED' });
  });

  it('tells what a template says now', () => {
    const buttons = [{ message_template_button_type: 'URL' }];
    const value = {
      ...{ ...TEMPLATE, message_template_title: 'Title', message_template_footer: 'Bye' },
      ...{ message_template_element: 'Thanks, {{1}}', message_template_buttons: buttons },
    };
    expect(readAccountUpdate('message_template_components_update', value)).toEqual({
      ...{ about: 'template-components', template, header: 'Title', body: 'Thanks, {{1}}', footer: 'Bye', buttons },
    });
  });

  it.each([
    [
      { new_category: 'UTILITY', correct_category: 'MARKETING', category_update_timestamp: 1_746_169_200 },
      { previous: null, current: 'UTILITY', upcoming: 'MARKETING', changesAt: new Date(1_746_169_200_000) },
    ],
    [
      { previous_category: 'UTILITY', new_category: 'MARKETING' },
      { previous: 'UTILITY', current: 'MARKETING', upcoming: null, changesAt: null },
    ],
  ])('tells of a category that will change or has changed: %j', (value, told) => {
    expect(readAccountUpdate('template_category_update', { ...TEMPLATE, ...value })).toEqual({
      ...{ about: 'template-category', template, ...told },
    });
  });

  it.each([
    [2_000, 2_000],
    ['TIER_250', 250],
    ['TIER_2K', 2_000],
    ['TIER_100K', 100_000],
    ['TIER_UNLIMITED', 'unlimited'],
    ['TIER_NONE', null],
    [undefined, null],
  ])('tells how many people may be written to: %j', (max_daily_conversations_per_business, dailyRecipients) => {
    const value = { max_daily_conversations_per_business, max_phone_numbers_per_waba: 25 };
    expect(readAccountUpdate('business_capability_update', value)).toEqual({
      ...{ about: 'limits', dailyRecipients, maxNumbers: 25 },
    });
  });

  it('tells how many numbers there may be, and what a number may do by the names of before', () => {
    const value = { max_daily_conversation_per_phone: 1_000, max_phone_numbers_per_business: 20 };
    expect(readAccountUpdate('business_capability_update', value)).toEqual({
      ...{ about: 'limits', dailyRecipients: 1_000, maxNumbers: 20 },
    });
  });

  it('tells what happened to an account', () => {
    const value = {
      event: 'ACCOUNT_RESTRICTION',
      phone_number: '16505551111',
      ban_info: { waba_ban_state: 'DISABLE' },
      violation_info: { violation_type: 'ALCOHOL' },
      restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: 1_641_330_498 }],
    };
    expect(readAccountUpdate('account_update', value)).toEqual({
      about: 'account',
      event: 'ACCOUNT_RESTRICTION',
      phone: '+16505551111',
      banState: 'DISABLE',
      violation: 'ALCOHOL',
      restrictions: [{ type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', until: new Date(1_641_330_498_000) }],
      raw: value,
    });
  });

  it.each([
    [
      'phone_number_quality_update',
      { event: 'UPGRADE', current_limit: 'TIER_1K' },
      { about: 'number-quality', limit: 'TIER_1K' },
    ],
    [
      'phone_number_name_update',
      { decision: 'APPROVED', requested_verified_name: 'Shrub' },
      { about: 'number-name', name: 'Shrub' },
    ],
    [
      'business_username_update',
      { status: 'approved', username: 'shrub' },
      { about: 'number-username', username: 'shrub' },
    ],
    ['phone_number_username_update', { status: 'deleted' }, { about: 'number-username', username: null }],
    ['security', { event: 'PIN_RESET_REQUEST', requester: '61' }, { about: 'number-security', requester: '61' }],
  ])('tells of a number: %s', (field, value, told) => {
    const whole = { display_phone_number: '15550783881', ...value };
    expect(readAccountUpdate(field, whole)).toMatchObject({ phone: '+15550783881', ...told });
  });

  it('tells of reviews and alerts', () => {
    expect(readAccountUpdate('account_review_update', { decision: 'APPROVED' })).toEqual({
      ...{ about: 'review', decision: 'APPROVED' },
    });
    const alert_info = { alert_severity: 'WARNING', alert_type: 'OBA', alert_description: 'Why.' };
    expect(readAccountUpdate('account_alerts', { entity_id: '5', alert_info })).toMatchObject({
      ...{ about: 'alert', severity: 'WARNING', type: 'OBA', detail: 'Why.', entityId: '5' },
    });
  });

  it.each(['message_template_status_update', 'account_update', 'security', 'account_review_update'])(
    'needs to be told what happened: %s',
    (field) => {
      expect(() => readAccountUpdate(field, {})).toThrow('is missing');
    },
  );

  it('knows no other field', () => {
    expect(readAccountUpdate('messages', {})).toBeNull();
    expect(readAccountUpdate('__proto__', {})).toBeNull();
  });
});
