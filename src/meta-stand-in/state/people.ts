import { createHash } from 'node:crypto';

import { BoundedMap } from '../base/bounded-map.js';

/** A person on WhatsApp. */
export interface Person {
  readonly waId: string;
  /** Business-scoped user id (WhatsApp documentation, "Business-scoped user IDs"). */
  userId: string;
  name: string;
  username: string | undefined;
  /** Whether the business sees the phone number of this person. */
  isPhoneHidden: boolean;
  isRegistered: boolean;
  isMarketingStopped: boolean;
  isBlocked: boolean;
  hasReadReceipts: boolean;
  identityHash: string | undefined;
}

const COUNTRIES: readonly (readonly [prefix: string, country: string])[] = [
  ['55', 'BR'],
  ['52', 'MX'],
  ['54', 'AR'],
  ['44', 'GB'],
  ['49', 'DE'],
  ['34', 'ES'],
  ['351', 'PT'],
  ['91', 'IN'],
  ['62', 'ID'],
];

const countryOf = (waId: string): string => COUNTRIES.find(([prefix]) => waId.startsWith(prefix))?.[1] ?? 'US';

/** The same digits for the same number, whatever was remembered of it. */
const userIdOf = (waId: string): string =>
  `${countryOf(waId)}.${(createHash('sha256').update(waId).digest().readBigUInt64BE() / 2n + 10n ** 18n).toString()}`;

/** Everybody is on WhatsApp until it is said otherwise. */
export const stranger = (waId: string): Person => ({
  waId,
  userId: userIdOf(waId),
  name: `Person ${waId.slice(-4)}`,
  username: undefined,
  isPhoneHidden: false,
  isRegistered: true,
  isMarketingStopped: false,
  isBlocked: false,
  hasReadReceipts: true,
  identityHash: undefined,
});

export class People {
  private readonly known: BoundedMap<Person>;

  constructor(limit: number) {
    this.known = new BoundedMap(limit);
  }

  get(waId: string): Person {
    const person = this.known.get(waId) ?? stranger(waId);
    this.known.set(waId, person);
    return person;
  }

  blocked(): Person[] {
    return this.known.values().filter(({ isBlocked }) => isBlocked);
  }

  findByUserId(userId: string): Person | undefined {
    return this.known.values().find((person) => person.userId === userId);
  }

  clear(): void {
    this.known.clear();
  }
}

/** Brazil drops the ninth digit outside the first area codes; Mexico and Argentina put a digit after the country code. */
const FORMS: readonly (readonly [dialled: RegExp, known: string])[] = [
  [/^55(3[1-9]|[4-9]\d)9(\d{8})$/, '55$1$2'],
  [/^52(?!1)(\d{10})$/, '521$1'],
  [/^54(?!9)(\d{10})$/, '549$1'],
];

/** The id that WhatsApp has of a number: it is not always the number that was dialled ("Send messages", phone formats). */
export const waIdOf = (digits: string): string => {
  const form = FORMS.find(([dialled]) => dialled.test(digits));
  return form === undefined ? digits : digits.replace(...form);
};
