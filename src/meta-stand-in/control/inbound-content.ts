import { isRecord, type Json, textOf } from '../base/json.js';
import { digitsOf, type PhoneNumber } from '../state/directory.js';
import { type World } from '../state/world.js';
import { webhookErrorOf } from '../graph/graph-error.js';
import { MEDIA_TYPES } from '../messages/content.js';
import { mediaContent } from './inbound-media.js';

export interface Inbound {
  readonly world: World;
  readonly number: PhoneNumber;
  readonly type: string;
  readonly body: Json;
}

const contextTo = ({ number, body }: Inbound): Json => ({
  context: {
    from: digitsOf(number.displayPhoneNumber),
    id: textOf(body['in_reply_to']) ?? 'wamid.HBgLMTU1NTAxMDAwMDEVAgARGBIwMDAwMDAwMDAwMDAwMDAwMDAA',
  },
});

const reply =
  (content: Json) =>
  (inbound: Inbound): Json => ({ ...contextTo(inbound), interactive: content });

/** What each type looks like when the test does not say it ("Webhooks, messages" and the page of each type). */
const EXAMPLES: Readonly<Record<string, (inbound: Inbound) => Json>> = {
  text: ({ body }) => ({ text: { body: textOf(body['text']) ?? 'Hello' } }),
  location: () => ({ location: { latitude: 52.52, longitude: 13.405, name: 'Café Ω', address: 'Straße 1, Berlin' } }),
  contacts: () => ({
    contacts: [
      {
        name: { first_name: 'Ana', last_name: 'Lima', formatted_name: 'Ana Lima' },
        phones: [{ phone: '+1 555-010-0099', wa_id: '15550100099', type: 'CELL' }],
      },
    ],
  }),
  reaction: ({ body }) => ({ reaction: { message_id: textOf(body['in_reply_to']) ?? 'wamid.none', emoji: '👍' } }),
  button: (inbound) => ({ ...contextTo(inbound), button: { payload: 'yes', text: 'Yes' } }),
  interactive: reply({ type: 'button_reply', button_reply: { id: 'yes', title: 'Yes' } }),
  order: () => ({
    order: {
      catalog_id: '400000000000001',
      text: '',
      product_items: [{ product_retailer_id: 'TEA-1', quantity: 2, item_price: 4.5, currency: 'EUR' }],
    },
  }),
  system: ({ body }) => ({
    system: {
      body: 'A person changed their number',
      wa_id: textOf(body['new_wa_id']) ?? '15550100098',
      type: 'user_changed_number',
    },
  }),
  unsupported: () => ({ errors: [webhookErrorOf(131051, 'Message type is currently not supported.')] }),
  edit: ({ body }) => ({
    edit: {
      original_message_id: textOf(body['in_reply_to']) ?? 'wamid.none',
      message: { context: { id: 'M0' }, type: 'text', text: { body: 'Edited' } },
    },
  }),
  revoke: ({ body }) => ({ revoke: { original_message_id: textOf(body['in_reply_to']) ?? 'wamid.none' } }),
};

/** The member of the message that is named like its type, and what belongs to it. */
export const contentOf = (inbound: Inbound): Json => {
  const { type, body } = inbound;
  if (MEDIA_TYPES.includes(type)) return { [type]: mediaContent(inbound) };
  const given = body[type];
  const reference = textOf(body['in_reply_to']) === undefined || type === 'reaction' ? {} : contextTo(inbound);
  if (isRecord(given) || Array.isArray(given)) return { ...reference, [type]: given };
  const example = Object.hasOwn(EXAMPLES, type) ? EXAMPLES[type]?.(inbound) : {};
  return { ...reference, ...example };
};
