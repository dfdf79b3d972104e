import { Injectable } from '@nestjs/common';

import { decodeCursor, type Page, toPage } from '../../kernel/page.js';
import { InvalidRequestError } from '../../platform/http/http.errors.js';
import { parsePhoneNumber, type PhoneNumber } from '../../kernel/phone-number.js';
import { parseRecipient, type Recipient } from '../../kernel/recipient.js';
import { Transactions } from '../../platform/prisma/transactions.js';
import { AuditTrail } from '../audit/index.js';
import {
  type Contact,
  type EngineCapability,
  type EngineHandle,
  EngineRegistry,
  type Group,
  type NumberCheck,
  type Profile,
  type TypingState,
} from '../engines/index.js';
import type { Session } from './domain/session.js';
import { AlreadyAuthenticatedError, SessionNotReadyError } from './session.errors.js';
import { SessionSupervisor } from './session-supervisor.js';

/** WhatsApp shows a new one after this time; the old one links nothing then. */
const PAIRING_CODE_TTL_MS = 180_000;

/** What the owner of a number types into the phone: a credential, like a QR code. */
export interface PairingCode {
  readonly code: string;
  readonly expiresAt: Date;
}

interface PageWish {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** WhatsApp tells all of them at once; nobody else has to take them so. */
const pageOf = <T>(
  all: readonly T[],
  keyOf: (one: T) => string,
  { limit, cursor }: PageWish,
  filters: object,
): Page<T> => {
  const after = cursor === undefined ? '' : decodeCursor(cursor, filters);
  if (after === null) {
    throw new InvalidRequestError([{ pointer: '?cursor', detail: 'cursor must be one that this list gave out' }]);
  }
  const rows = all
    .map((one) => ({ one, key: keyOf(one) }))
    .filter(({ key }) => key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const { data, nextCursor } = toPage(rows, limit, filters, ({ key }) => key);
  return { data: data.map(({ one }) => one), nextCursor };
};

/** Where something stands in a path. */
const at = (name: string): string => `{${name}}`;

/** What is asked of WhatsApp itself, live: only the process that drives the session can. */
@Injectable()
export class SessionContacts {
  constructor(
    private readonly supervisor: SessionSupervisor,
    private readonly engines: EngineRegistry,
    private readonly transactions: Transactions,
    private readonly audit: AuditTrail,
  ) {}

  async pairingCode(session: Session, phone: string): Promise<PairingCode> {
    this.engines.require(session.engine, 'pairing-code');
    if (session.status === 'READY' || session.status === 'AUTHENTICATED') {
      throw new AlreadyAuthenticatedError(session.id);
    }
    const number = this.phoneOf(phone, '#/phone');
    await this.supervisor.requireNotElsewhere(session.id);
    const handle = this.supervisor.opening(session.id)?.handle;
    if (session.status !== 'QR_READY' || handle === undefined) throw new SessionNotReadyError(session);
    await this.transactions.run((tx) => this.audit.record(tx, { action: 'sessions.pairing-code', target: session.id }));
    const code = await handle.requestPairingCode(number);
    return { code, expiresAt: new Date(Date.now() + PAIRING_CODE_TTL_MS) };
  }

  async checkNumber(session: Session, phone: string): Promise<NumberCheck & { readonly phone: PhoneNumber }> {
    const number = this.phoneOf(phone, at('phone'));
    const handle = await this.ready(session, 'number-check');
    return { ...(await handle.checkNumber(number)), phone: number };
  }

  /** Of the linked number when none is given. */
  async profile(session: Session, phone: string | null): Promise<Profile> {
    const number = phone === null ? null : this.phoneOf(phone, at('phone'));
    return (await this.ready(session, 'profile')).profile(number);
  }

  /** By number. */
  async contacts(session: Session, wish: PageWish): Promise<Page<Contact>> {
    const contacts = await (await this.ready(session, 'contact-list')).contacts();
    return pageOf(contacts, ({ phone }) => phone, wish, { of: session.id, what: 'contacts' });
  }

  /** By address. */
  async groups(session: Session, wish: PageWish): Promise<Page<Group>> {
    const groups = await (await this.ready(session, 'groups')).groups();
    return pageOf(groups, ({ id }) => id, wish, { of: session.id, what: 'groups' });
  }

  async markRead(session: Session, chat: string): Promise<void> {
    const recipient = this.chatOf(chat);
    const handle = await this.ready(session, 'mark-read');
    await this.transactions.run((tx) => this.audit.record(tx, { action: 'sessions.mark-read', target: session.id }));
    await handle.markRead(recipient);
  }

  async setTyping(session: Session, chat: string, state: TypingState): Promise<void> {
    const recipient = this.chatOf(chat);
    const handle = await this.ready(session, 'typing');
    await this.transactions.run((tx) =>
      this.audit.record(tx, { action: 'sessions.typing', target: session.id, detail: { state } }),
    );
    await handle.setTyping(recipient, state);
  }

  private async ready(session: Session, capability: EngineCapability): Promise<EngineHandle> {
    this.engines.require(session.engine, capability);
    await this.supervisor.requireNotElsewhere(session.id);
    const opening = this.supervisor.opening(session.id);
    if (opening?.isReady !== true || opening.handle === undefined) throw new SessionNotReadyError(session);
    return opening.handle;
  }

  private phoneOf(written: string, pointer: string): PhoneNumber {
    const phone = parsePhoneNumber(written);
    if (phone !== null) return phone;
    const detail = 'phone must be a phone number in international form, such as +12025550110';
    throw new InvalidRequestError([{ pointer, detail }]);
  }

  private chatOf(written: string): Recipient {
    const chat = parseRecipient(written);
    if (chat !== null) return chat;
    throw new InvalidRequestError([{ pointer: at('chat'), detail: 'chat must be a phone number or a group' }]);
  }
}
