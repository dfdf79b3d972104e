import { randomInt } from 'node:crypto';

import { parsePhoneNumber, type PhoneNumber } from '../../../kernel/phone-number.js';
import type { GroupAddress } from '../../../kernel/recipient.js';
import type { Contact, Group, Profile } from '../engine.port.js';
import { outcomeFor, SANDBOX_ANNOUNCEMENTS } from './recipient-outcome.js';

const ABOUT = 'A pretend phone';

/** Who is in the address book of every pretend phone. */
export const SANDBOX_CONTACTS: readonly Contact[] = [
  { phone: '+12025550110', name: 'Ada, who reads', isBlocked: false, isSaved: true },
  { phone: '+12025550101', name: 'Ben, who never looks', isBlocked: false, isSaved: true },
];

/** A group in which every pretend phone is an administrator. */
export const SANDBOX_GROUP = '120363000000000001@g.us' as GroupAddress;

const MAX_GROUPS = 100;

export interface GroupWish {
  readonly name: string;
  readonly participants: readonly string[];
  readonly isAnnouncement: boolean;
}

/** The groups of a pretend phone: two of them always, and those that were made while the session was open. */
export class SandboxPeople {
  private readonly made: Group[] = [];

  groupsOf(phone: string): readonly Group[] {
    const [ada, ben] = SANDBOX_CONTACTS.map((contact) => contact.phone) as [string, string];
    const member = (who: string, isAdmin = false): Group['participants'][number] => ({ phone: who, isAdmin });
    const everybody = [member(phone, true), member(ada), member(ben)];
    return [
      { id: SANDBOX_GROUP, name: 'Everybody in the sandbox', isAnnouncement: false, participants: everybody },
      {
        ...{ id: SANDBOX_ANNOUNCEMENTS, name: 'News of the sandbox', isAnnouncement: true },
        participants: [member(ada, true), member(phone)],
      },
      ...this.made,
    ];
  }

  addGroup({ name, participants, isAnnouncement }: GroupWish, phone: string): Group {
    const id = `120363${String(randomInt(10 ** 11, 10 ** 12))}@g.us` as GroupAddress;
    const others = participants.filter((one) => one !== phone).map((one) => ({ phone: one, isAdmin: false }));
    const group = { id, name, isAnnouncement, participants: [{ phone, isAdmin: true }, ...others] };
    if (this.made.length >= MAX_GROUPS) this.made.shift();
    this.made.push(group);
    return group;
  }
}

export const profileOf = (phone: string): Profile => {
  const name = SANDBOX_CONTACTS.find((contact) => contact.phone === phone)?.name ?? 'Sandbox';
  return { phone, name, about: ABOUT, pictureUrl: null, isBusiness: false };
};

/** The numbers that nothing can be sent to are those that are not there. */
export const isRegistered = (phone: PhoneNumber): boolean => {
  const outcome = outcomeFor(phone);
  return !(outcome.kind === 'refused' && outcome.code === 'not-on-whatsapp');
};

export const toPhone = (phone: string): PhoneNumber => {
  const parsed = parsePhoneNumber(phone);
  if (parsed === null) throw new Error('The sandbox holds a phone that is no number.');
  return parsed;
};
