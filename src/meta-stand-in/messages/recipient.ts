import { type Json, textOf } from '../base/json.js';
import { badValue, GraphError, missing } from '../graph/graph-error.js';
import { digitsOf, type PhoneNumber } from '../state/directory.js';
import { type Person, stranger } from '../state/people.js';
import { personOf, type World } from '../state/world.js';

export interface Recipient {
  /** As the caller wrote it. */
  readonly input: string;
  readonly person: Person;
  readonly isUserId: boolean;
  /** Nobody has this business-scoped id: the message is taken and fails. */
  readonly isUnknown: boolean;
}

const WRITTEN = /^\+?[\d\s().-]+$/;
const USER_ID = /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/;
const MIN_DIGITS = 7;
const MAX_DIGITS = 15;
const TEST_NUMBER_TAIL = 4;

/** Whom a message is for: `to` wins over `recipient` ("Business-scoped user IDs"). */
export const readRecipient = (world: World, number: PhoneNumber, body: Json): Recipient => {
  if (body['recipient_type'] === 'group') throw new GraphError({ code: 131041, details: 'The group was not found.' });
  const to = textOf(body['to']);
  if (to !== undefined && to !== '' && !USER_ID.test(to)) return byPhone(world, number, to);
  const userId = textOf(body['recipient']) ?? to;
  if (userId === undefined || userId === '') throw missing('to');
  return byUserId(world, userId);
};

const byPhone = (world: World, number: PhoneNumber, input: string): Recipient => {
  const digits = digitsOf(input);
  if (!WRITTEN.test(input) || digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) {
    throw badValue('The phone number is malformed: Please use the format: +1234567890.');
  }
  if (digits === digitsOf(number.displayPhoneNumber)) throw new GraphError({ code: 131021 });
  if (world.behaviour.isAllowListEnforced && !world.allowedRecipients.has(digits)) {
    throw new GraphError({ code: 131030, details: `Recipient …${digits.slice(-TEST_NUMBER_TAIL)} is not in the list` });
  }
  return { input, person: personOf(world, digits), isUserId: false, isUnknown: false };
};

const byUserId = (world: World, input: string): Recipient => {
  if (!USER_ID.test(input)) throw badValue('Recipient is not a valid business-scoped user ID');
  const found = world.people.findByUserId(input);
  const person = found ?? { ...stranger(''), userId: input };
  return { input, person, isUserId: true, isUnknown: found === undefined };
};
