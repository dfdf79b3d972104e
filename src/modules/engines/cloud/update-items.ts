import { isAccountField, readAccountUpdate } from './account-updates.js';
import { readCall, readCallStatus } from './call-updates.js';
import type { CloudUpdateBody, UpdateOrigin, UpdateTime } from './cloud-update.js';
import { echoItem, historyItems } from './coexistence.js';
import { readGraphError } from './graph-errors.js';
import { readMessage } from './inbound-messages.js';
import { MalformedUpdateError, requireText } from './malformed-update.js';
import { readStatus } from './statuses.js';
import { readUserIdUpdate } from './system-messages.js';
import { type ContactBook, idsAt } from './update-people.js';
import { type JsonRecord, textAt, valueAt } from './untrusted-json.js';

/** One change of a notification, as far as it is read once for all of its elements. */
export interface ChangeContext {
  readonly origin: UpdateOrigin;
  readonly contacts: ContactBook;
  readonly value: JsonRecord;
}

export type ReadItem = (record: JsonRecord, time: UpdateTime) => CloudUpdateBody;

/** Something that becomes one update, or a malformed one by itself. */
export interface UpdateItem {
  readonly name: string;
  readonly raw: unknown;
  readonly read: ReadItem;
}

const PERSON = { waId: 'wa_id', userId: 'user_id', parentUserId: 'parent_user_id' } as const;

const statusReader =
  ({ origin, contacts }: ChangeContext): ReadItem =>
  (record, { at }) =>
    origin.field === 'calls' || textAt(record, 'type') === 'call'
      ? readCallStatus(record, contacts)
      : { kind: 'status', status: readStatus(record, contacts, at) };

const readErrorItem: ReadItem = (record) => {
  const error = readGraphError(record);
  if (error === null) throw new MalformedUpdateError('code is missing');
  return { kind: 'error', error };
};

const preferenceReader =
  ({ contacts }: ChangeContext): ReadItem =>
  (record) => {
    const person = contacts.get(idsAt(record, PERSON));
    const [category, value] = [textAt(record, 'category'), requireText(record, 'value')];
    return { kind: 'preference', preference: { person, category, value } };
  };

type ItemsOf = (element: unknown, context: ChangeContext) => readonly UpdateItem[];

const single =
  (name: string, reader: (context: ChangeContext) => ReadItem): ItemsOf =>
  (raw, context) => [{ name, raw, read: reader(context) }];

/** The lists that a value may hold, several at a time. */
const LISTS = new Map<string, ItemsOf>([
  ['messages', single('messages', (context) => (record, time) => readMessage(record, { ...context, time }))],
  ['statuses', single('statuses', statusReader)],
  ['message_echoes', (raw, context) => [echoItem(raw, context)]],
  [
    'calls',
    single(
      'calls',
      ({ contacts }) =>
        (record, { at }) =>
          readCall(record, contacts, at),
    ),
  ],
  ['history', historyItems],
  ['user_preferences', single('user_preferences', preferenceReader)],
  ['user_id_update', single('user_id_update', () => readUserIdUpdate)],
  ['errors', single('errors', () => readErrorItem)],
]);

/** Subjects of which it is known that there is nothing to do. */
const NOTICES: ReadonlySet<string> = new Set([
  ...['flows', 'automatic_events', 'partner_solutions', 'payment_configuration_update', 'standby'],
  ...['group_lifecycle_update', 'group_participants_update', 'group_settings_update', 'group_status_update'],
  ...['account_settings_update', 'smb_app_state_sync'],
]);

const notAList =
  (name: string): ReadItem =>
  () => {
    throw new MalformedUpdateError(`${name} is not a list`);
  };

const listItems = (name: string, itemsOf: ItemsOf, context: ChangeContext): readonly UpdateItem[] => {
  const list = valueAt(context.value, name);
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return [{ name, raw: context.value, read: notAList(name) }];
  return list.flatMap((element) => itemsOf(element, context));
};

const whole = (name: string, context: ChangeContext, read: ReadItem): readonly UpdateItem[] => [
  { name, raw: context.value, read },
];

/** What has no list of its own is one update. */
const wholeItems = (context: ChangeContext): readonly UpdateItem[] => {
  const field = context.origin.field ?? 'unknown';
  if (NOTICES.has(field)) return whole(field, context, (raw) => ({ kind: 'notice', raw }));
  return whole(field, context, (raw) => {
    const update = readAccountUpdate(field, raw);
    return update === null ? { kind: 'unknown', raw } : { kind: 'account', update };
  });
};

/** Everything that one change tells, each by itself. */
export const itemsOf = (context: ChangeContext): readonly UpdateItem[] => {
  const { field } = context.origin;
  // An `errors` of a flow or an account is a subject of its own, and no list of errors of the API.
  if (field !== null && (isAccountField(field) || NOTICES.has(field))) return wholeItems(context);
  const names = [...LISTS.keys()].filter((name) => Object.hasOwn(context.value, name));
  if (names.length === 0) return wholeItems(context);
  return [...LISTS].flatMap(([name, itemsOfList]) => listItems(name, itemsOfList, context));
};
