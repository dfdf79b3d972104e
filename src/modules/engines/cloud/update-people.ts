import type { CloudPerson, PersonIds } from './cloud-update.js';
import { MalformedUpdateError } from './malformed-update.js';
import { numberOf, personKey } from './people.js';
import { type JsonRecord, recordAt, recordsAt, textAt } from './untrusted-json.js';

const NOBODY: PersonIds = { waId: null, userId: null, parentUserId: null };

/** The ids of a person under the names that one kind of update has for them. */
export const idsAt = (
  record: JsonRecord | null,
  names: { readonly waId: string; readonly userId: string; readonly parentUserId: string },
): PersonIds => ({
  waId: textAt(record, names.waId),
  userId: textAt(record, names.userId),
  parentUserId: textAt(record, names.parentUserId),
});

/** The number in E.164 where it has that shape; other addresses stay as they are. */
export const addressOf = (waId: string): string => numberOf(waId) ?? waId;

interface ContactEntry extends PersonIds {
  readonly name: string | null;
  readonly username: string | null;
  readonly identityKeyHash: string | null;
}

const entryOf = (raw: JsonRecord): ContactEntry => {
  const profile = recordAt(raw, 'profile');
  return {
    ...idsAt(raw, { waId: 'wa_id', userId: 'user_id', parentUserId: 'parent_user_id' }),
    name: textAt(profile, 'name'),
    username: textAt(profile, 'username')?.replace(/^@/, '') ?? null,
    identityKeyHash: textAt(raw, 'identity_key_hash'),
  };
};

const mergedIds = (told: PersonIds, known: PersonIds): PersonIds => ({
  waId: told.waId ?? known.waId,
  userId: told.userId ?? known.userId,
  parentUserId: told.parentUserId ?? known.parentUserId,
});

/**
 * The people that a change tells about. Messages are matched with them by id and never by position: there may be more
 * people than messages, fewer, or none.
 */
export class ContactBook {
  private readonly entries: readonly ContactEntry[];
  private readonly byId = new Map<string, ContactEntry>();

  constructor(value: JsonRecord | null) {
    this.entries = recordsAt(value, 'contacts').map(entryOf);
    for (const entry of this.entries) {
      for (const id of [entry.userId, entry.waId, entry.waId === null ? null : personKey(entry.waId)]) {
        if (id !== null && !this.byId.has(id)) this.byId.set(id, entry);
      }
    }
  }

  /** The person with these ids, with what the change tells about them; null when there is no id at all. */
  find(ids: PersonIds): CloudPerson | null {
    const entry = this.entryFor(ids);
    const merged = entry === null ? ids : mergedIds(ids, entry);
    const id = merged.waId ?? merged.userId ?? merged.parentUserId;
    if (id === null) return null;
    return {
      ...merged,
      address: addressOf(id),
      phoneKey: merged.waId === null ? null : personKey(merged.waId),
      name: entry?.name ?? null,
      username: entry?.username ?? null,
    };
  }

  get(ids: PersonIds): CloudPerson {
    const person = this.find(ids);
    if (person === null) throw new MalformedUpdateError('nobody is named');
    return person;
  }

  identityKeyHashOf(ids: PersonIds): string | null {
    return this.entryFor(ids)?.identityKeyHash ?? null;
  }

  private entryFor(ids: PersonIds): ContactEntry | null {
    if (this.entries.length === 0) return null;
    return this.byIdOrNull(ids.userId) ?? this.byNumber(ids.waId) ?? this.onlyEntryFor(ids);
  }

  private byIdOrNull(id: string | null): ContactEntry | null {
    return id === null ? null : (this.byId.get(id) ?? null);
  }

  private byNumber(waId: string | null): ContactEntry | null {
    return waId === null ? null : (this.byIdOrNull(waId) ?? this.byIdOrNull(personKey(waId)));
  }

  /** The only person that is told of, unless an id says that it is somebody else. */
  private onlyEntryFor({ waId, userId }: Pick<PersonIds, 'waId' | 'userId'>): ContactEntry | null {
    const [only, second] = this.entries;
    if (only === undefined || second !== undefined) return null;
    const isAnother = (waId !== null && only.waId !== null) || (userId !== null && only.userId !== null);
    return isAnother ? null : only;
  }
}

/** Ids of a person of whom only the number is told. */
export const idsOfNumber = (waId: string | null): PersonIds => ({ ...NOBODY, waId });
