import type { Page } from '../../../kernel/page.js';
import type { Contact, Group, NumberCheck, Profile } from '../../engines/index.js';
import type { PairingCode } from '../session-contacts.js';

export class PairingCodeResponse {
  /** What the owner types into the phone: Linked devices, Link with phone number. */
  readonly code: string;
  readonly expiresAt: string;

  private constructor({ code, expiresAt }: PairingCode) {
    this.code = code;
    this.expiresAt = expiresAt.toISOString();
  }

  static from(code: PairingCode): PairingCodeResponse {
    return new PairingCodeResponse(code);
  }
}

export class NumberCheckResponse {
  readonly phone: string;
  readonly registered: boolean;
  /** The address of the contact at WhatsApp; null when it is not registered. */
  readonly whatsappId: string | null;

  private constructor(check: NumberCheck & { readonly phone: string }) {
    this.phone = check.phone;
    this.registered = check.isRegistered;
    this.whatsappId = check.whatsappId;
  }

  static from(check: NumberCheck & { readonly phone: string }): NumberCheckResponse {
    return new NumberCheckResponse(check);
  }
}

export class ProfileResponse {
  readonly phone: string;
  readonly name: string | null;
  readonly about: string | null;
  readonly pictureUrl: string | null;
  readonly isBusiness: boolean;

  private constructor(profile: Profile) {
    this.phone = profile.phone;
    this.name = profile.name;
    this.about = profile.about;
    this.pictureUrl = profile.pictureUrl;
    this.isBusiness = profile.isBusiness;
  }

  static from(profile: Profile): ProfileResponse {
    return new ProfileResponse(profile);
  }
}

export class ContactResponse {
  readonly phone: string;
  readonly name: string | null;
  readonly isBlocked: boolean;
  /** In the address book of the linked phone. */
  readonly isSaved: boolean;

  private constructor(contact: Contact) {
    this.phone = contact.phone;
    this.name = contact.name;
    this.isBlocked = contact.isBlocked;
    this.isSaved = contact.isSaved;
  }

  static from(contact: Contact): ContactResponse {
    return new ContactResponse(contact);
  }
}

export class ContactPageResponse {
  readonly data: ContactResponse[];
  /** Hand it back for the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<Contact>) {
    this.data = data.map((contact) => ContactResponse.from(contact));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<Contact>): ContactPageResponse {
    return new ContactPageResponse(page);
  }
}

export class ParticipantResponse {
  readonly phone: string;
  readonly isAdmin: boolean;

  private constructor({ phone, isAdmin }: Group['participants'][number]) {
    this.phone = phone;
    this.isAdmin = isAdmin;
  }

  static from(participant: Group['participants'][number]): ParticipantResponse {
    return new ParticipantResponse(participant);
  }
}

export class GroupResponse {
  readonly id: string;
  readonly name: string;
  /** Only administrators may write. */
  readonly isAnnouncement: boolean;
  readonly participants: ParticipantResponse[];

  private constructor(group: Group) {
    this.id = group.id;
    this.name = group.name;
    this.isAnnouncement = group.isAnnouncement;
    this.participants = group.participants.map((participant) => ParticipantResponse.from(participant));
  }

  static from(group: Group): GroupResponse {
    return new GroupResponse(group);
  }
}

export class GroupPageResponse {
  readonly data: GroupResponse[];
  /** Hand it back for the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<Group>) {
    this.data = data.map((group) => GroupResponse.from(group));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<Group>): GroupPageResponse {
    return new GroupPageResponse(page);
  }
}
