import { type Json, numberOf, present, recordOf, textOf } from '../base/json.js';
import { makeWamid } from '../base/wamid.js';
import { digitsOf, type PhoneNumber } from '../state/directory.js';
import { type Person } from '../state/people.js';
import { personOf, type World } from '../state/world.js';
import { contactOf, messagesValue } from '../webhooks/values.js';
import { type ControlHandler } from './control-call.js';
import { refuse } from './control-error.js';
import { contentOf } from './inbound-content.js';
import { pickNumber } from './lookup.js';

/** Members that a test sets itself, whatever the type is. */
const CARRIED = ['context', 'referral', 'errors', 'identity', 'group_id'];

/** `POST inbound`: a person writes; the window opens unless it is a notice of the system. */
export const receive: ControlHandler = ({ world, body }) => {
  const number = pickNumber(world, body['phone_number_id']);
  const from = textOf(body['from']) ?? '';
  if (digitsOf(from) === '') throw refuse('from must be the digits of a phone number.');
  const person = personOf(world, from);
  person.name = textOf(body['name']) ?? person.name;
  const count = numberOf(body['count']) ?? 1;
  const ids = Array.from({ length: count }, () => receiveOne(world, number, person, body));
  return { ids };
};

const receiveOne = (world: World, number: PhoneNumber, person: Person, body: Json): string => {
  const type = textOf(body['type']) ?? 'text';
  const seconds = numberOf(body['timestamp']) ?? world.clock.seconds();
  const message = {
    ...frameOf(world, person, body, seconds),
    type,
    ...contentOf({ world, number, type, body }),
    ...present(Object.fromEntries(CARRIED.map((name) => [name, body[name]]))),
    ...recordOf(body['extra']),
  };
  const isSystem = type === 'system';
  if (!isSystem && body['opens_window'] !== false) world.windows.open(number.id, person.waId, seconds * 1000);
  if (body['referral'] !== undefined) world.windows.enter(number.id, person.waId);
  const contacts = isSystem || body['contacts_array'] === false ? {} : { contacts: [contactOf(person)] };
  const value = messagesValue(number, { ...contacts, messages: [message] });
  const copies = numberOf(body['copies']) ?? 1;
  for (let copy = 0; copy < copies; copy += 1) {
    world.sender.tell({ account: number.account, number, field: 'messages', value, seconds });
  }
  return message.id;
};

/** The phone number is missing when the business may not see it. */
const frameOf = ({ random }: World, person: Person, body: Json, seconds: number): Json & { readonly id: string } => ({
  ...(person.isPhoneHidden ? {} : { from: person.waId }),
  from_user_id: person.userId,
  id: textOf(body['id']) ?? makeWamid(random, person.waId, 'inbound'),
  timestamp: String(seconds),
});
