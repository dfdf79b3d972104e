import type { AccountUpdate } from './account-update.js';
import { requireText } from './malformed-update.js';
import {
  readTemplateCategory,
  readTemplateComponents,
  readTemplateQuality,
  readTemplateStatus,
} from './template-updates.js';
import { type JsonRecord, numberAt, recordAt, recordsAt, textAt } from './untrusted-json.js';
import { addressOf } from './update-people.js';
import { dateAt } from './update-time.js';

const phoneOf = (value: JsonRecord): string | null => {
  const shown = textAt(value, 'display_phone_number') ?? textAt(value, 'phone_number');
  return shown === null ? null : addressOf(shown);
};

/** "Messaging limits": 250, 2,000, … as a number or as the name of a tier, and no limit at the end. */
const dailyRecipientsOf = (written: string | null): number | 'unlimited' | null => {
  const [, tier = written ?? ''] = /^TIER_(.+)$/.exec(written ?? '') ?? [];
  if (tier === 'UNLIMITED') return 'unlimited';
  const [, digits, thousand] = /^([0-9]{1,9})(K?)$/.exec(tier) ?? [];
  if (digits === undefined) return null;
  return Number(digits) * (thousand === 'K' ? 1_000 : 1);
};

const readNumberQuality = (value: JsonRecord): AccountUpdate => ({
  about: 'number-quality',
  phone: phoneOf(value),
  event: requireText(value, 'event'),
  limit: textAt(value, 'max_daily_conversations_per_business') ?? textAt(value, 'current_limit'),
});

const readNumberName = (value: JsonRecord): AccountUpdate => ({
  about: 'number-name',
  phone: phoneOf(value),
  decision: requireText(value, 'decision'),
  name: textAt(value, 'requested_verified_name'),
  reason: textAt(value, 'rejection_reason'),
});

const readUsername = (value: JsonRecord): AccountUpdate => ({
  about: 'number-username',
  phone: phoneOf(value),
  status: requireText(value, 'status'),
  username: textAt(value, 'username'),
});

const readSecurity = (value: JsonRecord): AccountUpdate => ({
  about: 'number-security',
  phone: phoneOf(value),
  event: requireText(value, 'event'),
  requester: textAt(value, 'requester'),
});

const readLimits = (value: JsonRecord): AccountUpdate => ({
  about: 'limits',
  // Until version 24 each number had its own.
  dailyRecipients: dailyRecipientsOf(
    textAt(value, 'max_daily_conversations_per_business') ?? textAt(value, 'max_daily_conversation_per_phone'),
  ),
  maxNumbers: numberAt(value, 'max_phone_numbers_per_business') ?? numberAt(value, 'max_phone_numbers_per_waba'),
});

const readAccount = (value: JsonRecord): AccountUpdate => ({
  about: 'account',
  event: requireText(value, 'event'),
  phone: phoneOf(value),
  banState: textAt(recordAt(value, 'ban_info'), 'waba_ban_state'),
  violation: textAt(recordAt(value, 'violation_info'), 'violation_type'),
  restrictions: recordsAt(value, 'restriction_info').map((restriction) => ({
    type: textAt(restriction, 'restriction_type'),
    until: dateAt(restriction, 'expiration'),
  })),
  raw: value,
});

const readAlert = (value: JsonRecord): AccountUpdate => {
  const alert = recordAt(value, 'alert_info') ?? value;
  return {
    about: 'alert',
    type: textAt(alert, 'alert_type'),
    severity: textAt(alert, 'alert_severity'),
    status: textAt(alert, 'alert_status'),
    entityType: textAt(value, 'entity_type'),
    entityId: textAt(value, 'entity_id'),
    detail: textAt(alert, 'alert_description'),
  };
};

const READERS = new Map<string, (value: JsonRecord) => AccountUpdate>([
  ['message_template_status_update', readTemplateStatus],
  ['message_template_quality_update', readTemplateQuality],
  ['message_template_components_update', readTemplateComponents],
  ['template_category_update', readTemplateCategory],
  ['phone_number_quality_update', readNumberQuality],
  ['phone_number_name_update', readNumberName],
  // The name of the field differs from source to source.
  ['business_username_update', readUsername],
  ['phone_number_username_update', readUsername],
  ['business_capability_update', readLimits],
  ['account_update', readAccount],
  ['account_review_update', (value) => ({ about: 'review', decision: requireText(value, 'decision') })],
  ['account_alerts', readAlert],
  ['security', readSecurity],
]);

export const isAccountField = (field: string): boolean => READERS.has(field);

/** What one of Meta's fields about accounts, numbers and templates tells; null for any other field. */
export const readAccountUpdate = (field: string, value: JsonRecord): AccountUpdate | null =>
  READERS.get(field)?.(value) ?? null;
