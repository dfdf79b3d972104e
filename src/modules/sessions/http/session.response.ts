import type { Page } from '../../../kernel/page.js';
import type { Contact, Group, NumberCheck, Profile } from '../../engines/index.js';
import type { Session } from '../domain/session.js';
import type { SessionSettings } from '../domain/session-settings.js';
import { describeStatus } from '../domain/status-message.js';

export class SessionResponse {
  readonly id: string;
  readonly name: string;
  readonly engine: 'web' | 'cloud' | 'sandbox';
  readonly status: string;
  /** The linked number, E.164; null while none is linked. */
  readonly phone: string | null;
  /** The name that its owner has given it at WhatsApp. */
  readonly displayName: string | null;
  readonly reason: string | null;
  /** Whether it is to run, also after a restart. */
  readonly isWanted: boolean;
  /** As they are in force: defaults included. */
  readonly settings: object;
  readonly lastUpdated: string;

  private constructor(session: Session) {
    this.id = session.id;
    this.name = session.name;
    this.engine = session.engine;
    this.status = session.status;
    this.phone = session.phone;
    this.displayName = session.displayName;
    this.reason = session.reason;
    this.isWanted = session.isWanted;
    this.settings = session.settings satisfies SessionSettings;
    this.lastUpdated = session.statusAt.toISOString();
  }

  static from(session: Session): SessionResponse {
    return new SessionResponse(session);
  }
}

export class SessionPageResponse {
  readonly data: SessionResponse[];
  /** Hand it back for the next page; null at the end. */
  readonly nextCursor: string | null;

  private constructor({ data, nextCursor }: Page<Session>) {
    this.data = data.map((session) => SessionResponse.from(session));
    this.nextCursor = nextCursor;
  }

  static from(page: Page<Session>): SessionPageResponse {
    return new SessionPageResponse(page);
  }
}

export class SessionStatusResponse {
  readonly status: string;
  readonly ready: boolean;
  readonly phone: string | null;
  readonly name: string | null;
  readonly reconnectAttempts: number;
  /** Until when the QR code that is shown can be scanned; null when none is. */
  readonly qrCodeExpiry: string | null;
  readonly lastUpdated: string;
  readonly reason: string | null;
  /** The same in one or two sentences. */
  readonly message: string;

  private constructor(session: Session, qrCodeExpiry: string | null) {
    this.status = session.status;
    this.ready = session.status === 'READY';
    this.phone = session.phone;
    this.name = session.displayName;
    this.reconnectAttempts = session.reconnectAttempts;
    this.qrCodeExpiry = qrCodeExpiry;
    this.lastUpdated = session.statusAt.toISOString();
    this.reason = session.reason;
    this.message = describeStatus(session);
  }

  static from(session: Session, qrCodeExpiry: string | null): SessionStatusResponse {
    return new SessionStatusResponse(session, qrCodeExpiry);
  }
}

export class SessionMovedResponse {
  readonly status: string;

  private constructor(session: Session) {
    this.status = session.status;
  }

  static from(session: Session): SessionMovedResponse {
    return new SessionMovedResponse(session);
  }
}

export class PairingCodeResponse {
  /** What the owner types into the phone: Linked devices, Link with phone number. */
  readonly code: string;

  private constructor(code: string) {
    this.code = code;
  }

  static from(code: string): PairingCodeResponse {
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

export class ContactListResponse {
  readonly data: { phone: string; name: string | null; isBlocked: boolean; isSaved: boolean }[];

  private constructor(contacts: readonly Contact[]) {
    this.data = contacts.map(({ phone, name, isBlocked, isSaved }) => ({ phone, name, isBlocked, isSaved }));
  }

  static from(contacts: readonly Contact[]): ContactListResponse {
    return new ContactListResponse(contacts);
  }
}

export class GroupListResponse {
  readonly data: {
    id: string;
    name: string;
    isAnnouncement: boolean;
    participants: { phone: string; isAdmin: boolean }[];
  }[];

  private constructor(groups: readonly Group[]) {
    this.data = groups.map(({ id, name, isAnnouncement, participants }) => ({
      ...{ id, name, isAnnouncement },
      participants: participants.map(({ phone, isAdmin }) => ({ phone, isAdmin })),
    }));
  }

  static from(groups: readonly Group[]): GroupListResponse {
    return new GroupListResponse(groups);
  }
}
