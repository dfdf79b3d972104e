import { type Json, listOf, recordOf } from '../base/json.js';
import { type Account, type PhoneNumber } from '../state/directory.js';

/** Something to tell an app: one value of one field. */
export interface Update {
  readonly account: Account;
  /** Known for what concerns one number: its own callback comes first. */
  readonly number?: PhoneNumber | undefined;
  readonly field: string;
  readonly value: Json;
  readonly seconds: number;
}

export type NotificationShape = 'entry' | 'change' | 'value';

/** Arrays that may grow in one value: of the same number, what belongs together (Webhooks, batches of up to 1,000). */
const GATHERED = ['contacts', 'messages', 'statuses'];

interface Change {
  readonly field: string;
  value: Json;
}

interface Entry {
  readonly id: string;
  readonly time?: number;
  readonly changes: Change[];
}

const numberIn = (value: Json): unknown => recordOf(value['metadata'])['phone_number_id'];

const canJoin = (change: Change | undefined, update: Update): change is Change =>
  change?.field === 'messages' &&
  update.field === 'messages' &&
  numberIn(change.value) !== undefined &&
  numberIn(change.value) === numberIn(update.value);

const join = (first: Json, second: Json): Json => {
  const joined = { ...first, ...second };
  for (const name of GATHERED) {
    const items = [...listOf(first[name]), ...listOf(second[name])];
    if (items.length > 0) joined[name] = name === 'contacts' ? distinct(items) : items;
  }
  return joined;
};

const distinct = (items: readonly unknown[]): unknown[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];

/** Values about a number with people have their times inside; of the others the entry tells it. */
const hasOwnTime = (value: Json): boolean => value['metadata'] !== undefined;

const entryOf = ({ account, field, value, seconds }: Update): Entry => ({
  id: account.id,
  ...(hasOwnTime(value) ? {} : { time: seconds }),
  changes: [{ field, value }],
});

/** The body of one notification for updates that go to the same place. */
export const buildNotification = (updates: readonly Update[], shape: NotificationShape): Json => {
  const entries: Entry[] = [];
  for (const update of updates) {
    const entry = entries.findLast(
      ({ id, time }) => id === update.account.id && (time === undefined) === hasOwnTime(update.value),
    );
    const change = entry?.changes.at(-1);
    if (entry === undefined || shape === 'entry') entries.push(entryOf(update));
    else if (shape === 'value' && canJoin(change, update)) change.value = join(change.value, update.value);
    else entry.changes.push({ field: update.field, value: update.value });
  }
  return { object: 'whatsapp_business_account', entry: entries };
};
