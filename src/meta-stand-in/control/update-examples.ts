import { type Json } from '../base/json.js';
import { makeWamid } from '../base/wamid.js';
import { digitsOf, type PhoneNumber } from '../state/directory.js';
import { type World } from '../state/world.js';
import { contactOf, messagesValue } from '../webhooks/values.js';

type Example = (number: PhoneNumber, world: World) => Json;

const SOMEBODY = '15550100097';

/** What a value of each field looks like when the test does not say it (Webhooks, Reference). */
const EXAMPLES: Readonly<Record<string, Example>> = {
  account_update: (number) => ({ phone_number: digitsOf(number.displayPhoneNumber), event: 'VERIFIED_ACCOUNT' }),
  account_review_update: () => ({ decision: 'APPROVED' }),
  account_alerts: ({ account }) => ({
    entity_type: 'BUSINESS',
    entity_id: account.id,
    alert_info: {
      alert_severity: 'WARNING',
      alert_status: 'ACTIVE',
      alert_type: 'INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED',
      alert_description: 'Limits cannot be increased for now.',
    },
  }),
  business_capability_update: () => ({
    max_daily_conversations_per_business: 2000,
    max_phone_numbers_per_waba: 25,
  }),
  phone_number_quality_update: (number) => ({
    display_phone_number: digitsOf(number.displayPhoneNumber),
    event: 'UPGRADE',
    max_daily_conversations_per_business: 'TIER_10K',
  }),
  phone_number_name_update: (number) => ({
    display_phone_number: digitsOf(number.displayPhoneNumber),
    decision: 'APPROVED',
    requested_verified_name: number.verifiedName,
    rejection_reason: null,
  }),
  security: (number) => ({
    display_phone_number: digitsOf(number.displayPhoneNumber),
    event: 'PIN_RESET_REQUEST',
    requester: '500000000000001',
  }),
  business_username_update: (number) => ({
    display_phone_number: digitsOf(number.displayPhoneNumber),
    status: 'deleted',
  }),
  smb_message_echoes: (number, { random, clock, people }) => {
    const echo = {
      from: digitsOf(number.displayPhoneNumber),
      to: SOMEBODY,
      id: makeWamid(random, SOMEBODY, 'outbound'),
      timestamp: String(clock.seconds()),
      type: 'text',
      text: { body: 'Written in the app' },
    };
    return messagesValue(number, { contacts: [contactOf(people.get(SOMEBODY))], message_echoes: [echo] });
  },
};

export const exampleOf = (field: string, number: PhoneNumber, world: World): Json | undefined =>
  Object.hasOwn(EXAMPLES, field) ? EXAMPLES[field]?.(number, world) : undefined;
