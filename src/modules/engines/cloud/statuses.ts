import type { Ack, AckLevel } from '../engine.port.js';
import type { CloudStatus, PersonIds, StatusPricing } from './cloud-update.js';
import { type GraphError, readErrors, reasonOf } from './graph-errors.js';
import { requireText } from './malformed-update.js';
import { type ContactBook, idsAt } from './update-people.js';
import { type JsonRecord, recordAt, textAt, valueAt } from './untrusted-json.js';
import { dateAt } from './update-time.js';

/** "Status messages". `deleted` and `warning` are of older days and move nothing. */
const LEVELS = new Map<string, AckLevel>([
  ['sent', 'SENT'],
  ['delivered', 'DELIVERED'],
  ['read', 'READ'],
  ['played', 'PLAYED'],
  ['failed', 'FAILED'],
]);

const failureOf = ([first]: readonly GraphError[]): NonNullable<Ack['error']> =>
  first === undefined
    ? { code: 'meta-rejected', detail: 'Meta did not say why.' }
    : { code: reasonOf(first), detail: `${first.detail} (${String(first.code)})` };

const ackOf = (providerMessageId: string, status: string, at: Date, errors: readonly GraphError[]): Ack | null => {
  const level = LEVELS.get(status);
  if (level === undefined) return null;
  return { providerMessageId, level, at, ...(level === 'FAILED' && { error: failureOf(errors) }) };
};

/** "Pricing": `billable` goes away, and follows from the type where there is one. */
const pricingOf = (pricing: JsonRecord | null): StatusPricing | null => {
  if (pricing === null) return null;
  const type = textAt(pricing, 'type');
  const told = valueAt(pricing, 'billable');
  return {
    model: textAt(pricing, 'pricing_model'),
    type,
    category: textAt(pricing, 'category'),
    isBillable: typeof told === 'boolean' ? told : type === 'regular',
  };
};

const conversationOf = (conversation: JsonRecord | null): CloudStatus['conversation'] => {
  const id = textAt(conversation, 'id');
  if (id === null) return null;
  return {
    id,
    expiresAt: dateAt(conversation, 'expiration_timestamp'),
    origin: textAt(recordAt(conversation, 'origin'), 'type'),
  };
};

const PARTICIPANT = {
  waId: 'recipient_participant_id',
  userId: 'recipient_participant_user_id',
  parentUserId: 'recipient_participant_parent_user_id',
} as const;

/** Two names are in use for the id of a person within a group of businesses. */
const recipientIds = (status: JsonRecord): PersonIds => ({
  waId: textAt(status, 'recipient_id'),
  userId: textAt(status, 'recipient_user_id'),
  parentUserId: textAt(status, 'recipient_parent_user_id') ?? textAt(status, 'parent_recipient_user_id'),
});

/** One element of `statuses`. */
export const readStatus = (status: JsonRecord, contacts: ContactBook, at: Date): CloudStatus => {
  const providerMessageId = requireText(status, 'id');
  const name = requireText(status, 'status');
  const errors = readErrors(status);
  const isOfGroup = textAt(status, 'recipient_type') === 'group';
  const recipientId = textAt(status, 'recipient_id');
  return {
    ack: ackOf(providerMessageId, name, at, errors),
    providerMessageId,
    status: name,
    ourId: textAt(status, 'biz_opaque_callback_data'),
    recipient: isOfGroup ? null : contacts.find(recipientIds(status)),
    group: isOfGroup ? recipientId : null,
    participant: isOfGroup ? contacts.find(idsAt(status, PARTICIPANT)) : null,
    pricing: pricingOf(recordAt(status, 'pricing')),
    conversation: conversationOf(recordAt(status, 'conversation')),
    errors,
  };
};
