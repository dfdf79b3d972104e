import { booleanOf, type Json, listOf, numberOf, present, recordOf, textOf } from '../base/json.js';
import { digitsOf, type PhoneNumber } from '../state/directory.js';
import { type Person } from '../state/people.js';
import { personOf, type World } from '../state/world.js';
import { changeCategory, changeQuality, changeStatus } from '../templates/review.js';
import { contactOf, messagesValue } from '../webhooks/values.js';
import { type ControlHandler } from './control-call.js';
import { notThere, refuse } from './control-error.js';
import { pickAccount, pickApp, pickNumber } from './lookup.js';
import { checkCategory, checkComponents, checkLanguage, checkName } from '../templates/definition.js';
import { wordOf } from '../templates/parts.js';

/** `PUT contacts/{digits}`: who this person is, and whether their window is open. */
export const changeContact: ControlHandler = ({ world, id, body }) => {
  if (digitsOf(id) === '') throw refuse('A contact is named by the digits of its number.');
  const person = personOf(world, id);
  const { waId } = person;
  Object.assign(
    person,
    present({
      userId: textOf(body['user_id']),
      name: textOf(body['name']),
      username: textOf(body['username']),
      identityHash: textOf(body['identity_hash']),
      isPhoneHidden: booleanOf(body['phone_hidden']),
      isRegistered: booleanOf(body['registered']),
      isMarketingStopped: booleanOf(body['marketing_stopped']),
      isBlocked: booleanOf(body['blocked']),
      hasReadReceipts: booleanOf(body['read_receipts']),
    }),
  );
  const number = pickNumber(world, body['phone_number_id']);
  const { id: numberId } = number;
  if (body['notify'] === true) tellPreference(world, number, person);
  if (body['window'] === 'open') world.windows.open(numberId, waId);
  if (body['window'] === 'closed') world.windows.close(numberId, waId);
  return { ...person, window: world.windows.isOpen(numberId, waId) ? 'open' : 'closed' };
};

/** Field `user_preferences`: whether the person wants marketing messages. */
const tellPreference = ({ sender, clock }: World, number: PhoneNumber, person: Person): void => {
  const seconds = clock.seconds();
  const value = person.isMarketingStopped ? 'stop' : 'resume';
  const preference = {
    wa_id: person.waId,
    detail: `User requested to ${value} marketing messages`,
    category: 'marketing_messages',
    value,
    timestamp: seconds,
  };
  sender.tell({
    account: number.account,
    number,
    field: 'user_preferences',
    value: messagesValue(number, { contacts: [contactOf(person)], user_preferences: [preference] }),
    seconds,
  });
};

/** `PUT numbers/{id}`: its state, as the Graph API tells it from now on. */
export const changeNumberState: ControlHandler = ({ world, id, body }) => {
  const number = pickNumber(world, id);
  Object.assign(
    number,
    present({
      status: textOf(body['status']),
      qualityRating: textOf(body['quality_rating']),
      nameStatus: textOf(body['name_status']),
      verifiedName: textOf(body['verified_name']),
      messagingLimitTier: textOf(body['messaging_limit_tier']),
      throughputLevel: textOf(body['throughput_level']),
      pin: textOf(body['pin']),
    }),
  );
  return present({ id: number.id, status: number.status, quality_rating: number.qualityRating });
};

/** `POST templates`: one that is there already, with the status that is wished and without a word to anybody. */
export const putTemplate: ControlHandler = ({ world, body }) => {
  const components = listOf(body['components']).map(recordOf);
  const category = checkCategory(body);
  checkComponents(components, category);
  const template = {
    id: textOf(body['id']) ?? world.random.digits(16),
    account: pickAccount(world, body['account_id']),
    name: checkName(body),
    language: checkLanguage(body),
    parameterFormat: wordOf(body['parameter_format']) === 'NAMED' ? ('NAMED' as const) : ('POSITIONAL' as const),
    category,
    previousCategory: undefined,
    status: textOf(body['status']) ?? 'APPROVED',
    components,
    rejectedReason: 'NONE',
    qualityScore: textOf(body['quality_score']) ?? 'UNKNOWN',
    ttlSeconds: undefined,
    editsMs: [],
  };
  world.templates.add(template);
  return { id: template.id, name: template.name, language: template.language, status: template.status };
};

/** `PUT templates/{id}`: Meta decides something about it, and tells it. */
export const decideTemplate: ControlHandler = ({ world, id, body }) => {
  const template = world.templates.get(id);
  if (template === undefined) throw notThere('template', id);
  const [event, quality, category] = [textOf(body['event']), textOf(body['quality_score']), textOf(body['category'])];
  const reason = body['reason'] === null ? null : textOf(body['reason']);
  if (event !== undefined) {
    changeStatus(world, template, { event, ...(reason === undefined ? {} : { reason }), more: recordOf(body['more']) });
  }
  if (quality !== undefined) changeQuality(world, template, quality);
  if (category !== undefined) changeCategory(world, template, category);
  return { id, status: template.status, category: template.category, quality_score: template.qualityScore };
};

/** `PUT tokens/{value}`: a new token, or what becomes of one; `subcode` of error 190, null makes it good again. */
export const changeToken: ControlHandler = ({ world, id, body }) => {
  const { directory } = world;
  const token = directory.tokens.get(id) ?? directory.addToken(id, pickApp(world, body['app_id']));
  if (body['invalid_subcode'] !== undefined) token.invalidSubcode = numberOf(body['invalid_subcode']);
  const scopes = listOf(body['scopes']).flatMap((scope) => textOf(scope) ?? []);
  if (body['scopes'] !== undefined) token.scopes = scopes;
  return { app_id: token.app.id, scopes: token.scopes, invalid_subcode: token.invalidSubcode ?? null };
};

/** `POST clock`: the time of windows, addresses and limits goes on; timers do not. */
export const advanceClock: ControlHandler = ({ world, body }) => {
  const ms = numberOf(body['advance_ms']);
  if (ms === undefined || ms < 0) throw refuse('advance_ms must be a number of milliseconds.');
  world.clock.advance(ms);
  return { now_ms: world.clock.nowMs() };
};

/** `PUT allowed-recipients`: as the list of a test number; together with `isAllowListEnforced`. */
export const allowRecipients: ControlHandler = ({ world, body }) => {
  world.allowedRecipients.clear();
  for (const phone of listOf(body['phones'])) world.allowedRecipients.add(digitsOf(textOf(phone) ?? ''));
  return { phones: [...world.allowedRecipients] };
};

/** `PUT accounts/{id}`: whether its apps hear of it. */
export const changeAccount: ControlHandler = ({ world, id, body }) => {
  const account = pickAccount(world, id);
  account.isSubscribed = booleanOf(body['subscribed']) ?? account.isSubscribed;
  return { id: account.id, subscribed: account.isSubscribed } satisfies Json;
};
