import type {
  CloudStatus,
  CloudUpdate,
  CloudUpdateBody,
  MessageReading,
  UpdateOrigin,
  UpdateTime,
} from './cloud-update.js';
import { parseExactly } from './exact-json.js';
import { MalformedUpdateError } from './malformed-update.js';
import { asRecord, type JsonRecord, listAt, recordAt, textAt, valueAt } from './untrusted-json.js';
import { itemsOf, type UpdateItem } from './update-items.js';
import { fingerprint } from './update-key.js';
import { addressOf, ContactBook } from './update-people.js';
import { timeOf } from './update-time.js';

const OBJECT = 'whatsapp_business_account';
const NOWHERE: UpdateOrigin = { wabaId: null, phoneNumberId: null, phone: null, field: null };

/** What the updates of one entry share. */
interface EntryContext {
  readonly entry: JsonRecord;
  readonly now: Date;
}

const READINGS: ReadonlySet<CloudUpdateBody['kind']> = new Set(['message', 'change', 'person', 'unknown']);
const isReading = (body: CloudUpdateBody): body is MessageReading => READINGS.has(body.kind);

const readingKey = (reading: MessageReading): string | null => {
  if (reading.kind === 'message') return `message:${reading.inbound.message.providerMessageId}`;
  if (reading.kind === 'unknown' || reading.providerMessageId === null) return null;
  return `message:${reading.providerMessageId}`;
};

const statusKey = ({ providerMessageId, status, participant }: CloudStatus): string =>
  ['status', providerMessageId, status, participant?.waId ?? participant?.userId ?? ''].join(':');

/** The key of what has an id; null for what has none. */
const ownKey = (body: CloudUpdateBody): string | null => {
  if (body.kind === 'status') return statusKey(body.status);
  if (body.kind === 'call') return `call:${body.call.callId}:${body.call.event}`;
  if (body.kind === 'echo') return readingKey(body.echo);
  if (body.kind === 'history') return readingKey(body.recorded);
  return isReading(body) ? readingKey(body) : null;
};

const malformed = (raw: unknown, reason: string, now: Date, origin = NOWHERE): CloudUpdate => ({
  ...{ kind: 'malformed', reason, raw, origin, time: { at: now, timing: 'absent' } },
  key: `malformed:${fingerprint(origin, raw)}`,
});

/** Messages tell their time themselves; for the rest it is the time of the entry. */
const itemTime = (record: JsonRecord, { entry, now }: EntryContext): UpdateTime =>
  valueAt(record, 'timestamp') === undefined ? timeOf(entry, now, 'time') : timeOf(record, now);

/** Whatever is wrong with one update is its own affair: the others of the same notification are read. */
const readItem = ({ name, raw, read }: UpdateItem, origin: UpdateOrigin, context: EntryContext): CloudUpdate => {
  try {
    const record = asRecord(raw);
    if (record === null) throw new MalformedUpdateError(`an element of ${name} is no object`);
    const time = itemTime(record, context);
    const body = read(record, time);
    // An account may be told the same twice, at different times.
    const key = ownKey(body) ?? `${name}:${fingerprint(origin, raw, valueAt(context.entry, 'time'))}`;
    return { ...body, origin, time, key };
  } catch (error) {
    return malformed(raw, error instanceof Error ? error.message : String(error), context.now, origin);
  }
};

const originOf = (entry: JsonRecord, change: JsonRecord, value: JsonRecord): UpdateOrigin => {
  const metadata = recordAt(value, 'metadata');
  const shown = textAt(metadata, 'display_phone_number');
  return {
    wabaId: textAt(entry, 'id'),
    phoneNumberId: textAt(metadata, 'phone_number_id'),
    phone: shown === null ? null : addressOf(shown),
    // Some notifications have it in the wrong place, or not at all.
    field: textAt(change, 'field') ?? textAt(value, 'field') ?? textAt(entry, 'field'),
  };
};

const readChange = (raw: unknown, context: EntryContext): readonly CloudUpdate[] => {
  const change = asRecord(raw);
  const value = recordAt(change, 'value');
  if (change === null || value === null) return [malformed(raw, 'a change has no value', context.now)];
  const origin = originOf(context.entry, change, value);
  const items = itemsOf({ origin, value, contacts: new ContactBook(value) });
  return items.map((item) => readItem(item, origin, context));
};

const readEntry = (raw: unknown, now: Date): readonly CloudUpdate[] => {
  const entry = asRecord(raw);
  if (entry === null) return [malformed(raw, 'an entry is no object', now)];
  if (!Array.isArray(valueAt(entry, 'changes'))) return [malformed(raw, 'an entry has no changes', now)];
  return listAt(entry, 'changes').flatMap((change) => readChange(change, { entry, now }));
};

const readParsed = (body: unknown, now: Date): readonly CloudUpdate[] => {
  const envelope = asRecord(body);
  if (envelope === null) return [malformed(body, 'the body is no object', now)];
  const object = valueAt(envelope, 'object');
  if (object !== undefined && object !== OBJECT) {
    const time: UpdateTime = { at: now, timing: 'absent' };
    return [{ kind: 'unknown', raw: body, origin: NOWHERE, time, key: `unknown:${fingerprint(body)}` }];
  }
  if (!Array.isArray(valueAt(envelope, 'entry'))) return [malformed(body, 'there is no list of entries', now)];
  return listAt(envelope, 'entry').flatMap((entry) => readEntry(entry, now));
};

const parseOrNull = (text: string): { readonly body: unknown } | null => {
  try {
    return { body: parseExactly(text) };
  } catch {
    // The only thing that is wrong with it is what the caller tells: it is not JSON.
    return null;
  }
};

const readBytes = (bytes: Buffer, now: Date): readonly CloudUpdate[] => {
  const text = bytes.toString('utf8');
  const parsed = parseOrNull(text);
  return parsed === null ? [malformed(text, 'the body is not JSON', now)] : readParsed(parsed.body, now);
};

/**
 * Everything that a notification of Meta tells, flat and in its order. It never throws for what came: what is not
 * understood is `unknown` or `malformed`, with all that was sent. Given as bytes, ids keep all their digits.
 */
export const readUpdates = (body: unknown, now: Date): readonly CloudUpdate[] =>
  Buffer.isBuffer(body) ? readBytes(body, now) : readParsed(body, now);

export interface UpdateGroup {
  readonly wabaId: string | null;
  readonly phoneNumberId: string | null;
  readonly updates: readonly CloudUpdate[];
}

/** The updates of each number, and those of each account that concern no single number; each in its order. */
export const groupUpdates = (updates: readonly CloudUpdate[]): readonly UpdateGroup[] => {
  const groups = new Map<string, UpdateGroup & { readonly updates: CloudUpdate[] }>();
  for (const update of updates) {
    const { wabaId, phoneNumberId } = update.origin;
    const name = JSON.stringify([wabaId, phoneNumberId]);
    const group = groups.get(name) ?? { wabaId, phoneNumberId, updates: [] };
    group.updates.push(update);
    groups.set(name, group);
  }
  return [...groups.values()];
};
