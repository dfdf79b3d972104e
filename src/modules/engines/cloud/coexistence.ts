import type { CloudUpdateBody } from './cloud-update.js';
import { readGraphError } from './graph-errors.js';
import { readMessage } from './inbound-messages.js';
import { MalformedUpdateError } from './malformed-update.js';
import { isSamePerson } from './people.js';
import type { ChangeContext, ReadItem, UpdateItem } from './update-items.js';
import { idsAt, idsOfNumber } from './update-people.js';
import { asRecord, type JsonRecord, listAt, numberAt, recordAt, textAt } from './untrusted-json.js';

const RECEIVER = { waId: 'to', userId: 'to_user_id', parentUserId: 'to_parent_user_id' } as const;

/** "smb_message_echoes": a message that was written in the WhatsApp Business app of the same number. */
export const echoItem = (raw: unknown, context: ChangeContext): UpdateItem => ({
  name: 'message_echoes',
  raw,
  read: (record, time) => {
    const counterpart = idsAt(record, RECEIVER);
    return { kind: 'echo', echo: readMessage(record, { ...context, time, counterpart }) };
  },
});

const recordedReader =
  (context: ChangeContext, person: string | null): ReadItem =>
  (record, time): CloudUpdateBody => {
    const from = textAt(record, 'from');
    const isOurs = from !== null && person !== null && from !== person && !isSamePerson(from, person);
    const counterpart = isOurs ? { counterpart: idsOfNumber(person) } : {};
    return {
      kind: 'history',
      recorded: readMessage(record, { ...context, time, ...counterpart }),
      isOurs,
      status: textAt(recordAt(record, 'history_context'), 'status'),
    };
  };

const threadItems = (raw: unknown, context: ChangeContext): readonly UpdateItem[] => {
  const thread = asRecord(raw);
  const read = recordedReader(context, textAt(thread, 'id'));
  return listAt(thread, 'messages').map((message) => ({ name: 'history', raw: message, read }));
};

const readProgress: ReadItem = (record) => {
  const metadata = recordAt(record, 'metadata');
  return { kind: 'history-progress', phase: numberAt(metadata, 'phase'), percent: numberAt(metadata, 'progress') };
};

const readRefusal: ReadItem = (record) => {
  const error = readGraphError(record);
  if (error === null) throw new MalformedUpdateError('code is missing');
  return { kind: 'error', error };
};

/** What a chunk tells beside its threads, without repeating them. */
const withoutThreads = (chunk: JsonRecord): JsonRecord => ({ metadata: recordAt(chunk, 'metadata') });

/** "history": one chunk of what was written before the number came to the Cloud API, or why there is none. */
export const historyItems = (raw: unknown, context: ChangeContext): readonly UpdateItem[] => {
  const chunk = asRecord(raw);
  if (chunk === null) return [{ name: 'history', raw, read: readProgress }];
  return [
    ...listAt(chunk, 'threads').flatMap((thread) => threadItems(thread, context)),
    ...listAt(chunk, 'errors').map((error) => ({ name: 'history', raw: error, read: readRefusal })),
    { name: 'history', raw: withoutThreads(chunk), read: readProgress },
  ];
};
