import type { MessageReading, PersonIds } from './cloud-update.js';
import { type JsonRecord, recordAt, textAt } from './untrusted-json.js';

const previousIds = (message: JsonRecord, system: JsonRecord | null): PersonIds => ({
  waId: textAt(message, 'from') ?? textAt(system, 'customer'),
  userId: textAt(system, 'previous_user_id') ?? textAt(message, 'from_user_id'),
  parentUserId: textAt(system, 'previous_parent_user_id') ?? textAt(message, 'from_parent_user_id'),
});

const currentIds = (system: JsonRecord | null): PersonIds => ({
  // Older generations of the message call it `new_wa_id`.
  waId: textAt(system, 'wa_id') ?? textAt(system, 'new_wa_id'),
  userId: textAt(system, 'user_id'),
  parentUserId: textAt(system, 'parent_user_id'),
});

const hasId = ({ waId, userId, parentUserId }: PersonIds): boolean =>
  waId !== null || userId !== null || parentUserId !== null;

const KINDS = new Map<string, 'number-changed' | 'user-id-changed'>([
  ['user_changed_number', 'number-changed'],
  ['customer_changed_number', 'number-changed'],
  ['user_changed_user_id', 'user-id-changed'],
]);

/** "System messages": what WhatsApp itself says about a person. There are no `contacts` beside them. */
export const readSystemMessage = (message: JsonRecord, providerMessageId: string): MessageReading => {
  const system = recordAt(message, 'system');
  const type = textAt(system, 'type') ?? '';
  if (type === 'customer_identity_changed') {
    const identity = recordAt(message, 'identity') ?? recordAt(system, 'identity');
    const hash = textAt(identity, 'hash') ?? textAt(system, 'identity');
    const person = previousIds(message, system);
    return { kind: 'person', providerMessageId, change: { kind: 'identity-changed', person, hash } };
  }
  const kind = KINDS.get(type);
  const current = currentIds(system);
  // A change of which nobody can say into what is kept as it came.
  if (kind === undefined || !hasId(current)) return { kind: 'unknown', raw: message };
  return { kind: 'person', providerMessageId, change: { kind, previous: previousIds(message, system), current } };
};

/** `user_id_update`, the field that told the same before it became a system message. */
export const readUserIdUpdate = (update: JsonRecord): MessageReading => {
  const ids = recordAt(update, 'user_id');
  const parents = recordAt(update, 'parent_user_id');
  const waId = textAt(update, 'wa_id');
  const at = (name: string): PersonIds => ({
    waId,
    userId: textAt(ids, name),
    parentUserId: textAt(parents, name),
  });
  const current = at('current');
  if (current.userId === null) return { kind: 'unknown', raw: update };
  const change = { kind: 'user-id-changed' as const, previous: at('previous'), current };
  return { kind: 'person', providerMessageId: null, change };
};
