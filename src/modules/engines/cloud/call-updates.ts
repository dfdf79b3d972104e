import type { InboundChange } from '../engine.port.js';
import type { CloudCall, CloudUpdateBody } from './cloud-update.js';
import { MalformedUpdateError, requireText } from './malformed-update.js';
import { type ContactBook, idsAt } from './update-people.js';
import { type JsonRecord, numberAt, textAt } from './untrusted-json.js';

const CALLER = { waId: 'from', userId: 'from_user_id', parentUserId: 'from_parent_user_id' } as const;
const CALLED = { waId: 'to', userId: 'to_user_id', parentUserId: 'to_parent_user_id' } as const;
const RECIPIENT = {
  waId: 'recipient_id',
  userId: 'recipient_user_id',
  parentUserId: 'recipient_parent_user_id',
} as const;

const calledOf = ({ callId, event, direction, person }: CloudCall, at: Date): InboundChange | null => {
  if (person === null || event !== 'connect' || direction !== 'USER_INITIATED') return null;
  // "Calling API": there are voice calls only, and none in groups.
  return { kind: 'called', callId, from: person.address, isVideo: false, isGroup: false, at };
};

/** One element of `calls`. A person who calls opens the customer service window, as one who writes does. */
export const readCall = (raw: JsonRecord, contacts: ContactBook, at: Date): CloudUpdateBody => {
  const callId = textAt(raw, 'id') ?? textAt(raw, 'wacid');
  if (callId === null) throw new MalformedUpdateError('id is missing');
  const direction = textAt(raw, 'direction');
  const call: CloudCall = {
    callId,
    event: requireText(raw, 'event'),
    direction,
    person: contacts.find(idsAt(raw, direction === 'BUSINESS_INITIATED' ? CALLED : CALLER)),
    ourId: textAt(raw, 'biz_opaque_callback_data'),
    durationSeconds: numberAt(raw, 'duration'),
    raw,
  };
  return { kind: 'call', call, change: calledOf(call, at) };
};

/** One element of `statuses` that is about a call of ours: it rings, it is taken, it is refused. */
export const readCallStatus = (raw: JsonRecord, contacts: ContactBook): CloudUpdateBody => ({
  kind: 'call',
  call: {
    callId: requireText(raw, 'id'),
    event: requireText(raw, 'status').toLowerCase(),
    direction: 'BUSINESS_INITIATED',
    person: contacts.find(idsAt(raw, RECIPIENT)),
    ourId: textAt(raw, 'biz_opaque_callback_data'),
    durationSeconds: null,
    raw,
  },
  change: null,
});
