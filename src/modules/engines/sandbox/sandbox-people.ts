import { parsePhoneNumber, type PhoneNumber } from '../../../kernel/phone-number.js';
import type { GroupAddress } from '../../../kernel/recipient.js';
import type { Contact, Group, Profile } from '../engine.port.js';
import { outcomeFor } from './recipient-outcome.js';

const ABOUT = 'A pretend phone';

/** Who is in the address book of every pretend phone. */
export const SANDBOX_CONTACTS: readonly Contact[] = [
  { phone: '+12025550110', name: 'Ada, who reads', isBlocked: false, isSaved: true },
  { phone: '+12025550101', name: 'Ben, who never looks', isBlocked: false, isSaved: true },
];

/** The group that every pretend phone is in. */
export const SANDBOX_GROUP = '120363000000000001@g.us' as GroupAddress;

export const groupsOf = (phone: string): readonly Group[] => [
  {
    id: SANDBOX_GROUP,
    name: 'Everybody in the sandbox',
    isAnnouncement: false,
    participants: [
      { phone, isAdmin: true },
      ...SANDBOX_CONTACTS.map((contact) => ({ phone: contact.phone, isAdmin: false })),
    ],
  },
];

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
