import type { PhoneNumber } from '../../../kernel/phone-number.js';
import type { Recipient } from '../../../kernel/recipient.js';
import type { DownloadedMedia } from '../engine.content.js';
import type {
  AckLevel,
  Contact,
  EngineHandle,
  Group,
  NumberCheck,
  Profile,
  SendCommand,
  SentMessage,
  TypingState,
} from '../engine.port.js';
import { renewQrReferences } from './page/document.js';
import { WebContacts } from './web-contacts.js';
import type { WebOpening } from './web-opening.js';
import type { WebTimings } from './web-timings.js';

/** What the caller may do with one opening. */
export class WebHandle implements EngineHandle {
  private readonly contactBook: WebContacts;

  constructor(
    private readonly opening: WebOpening,
    private readonly timings: WebTimings,
    private readonly forget: () => Promise<void>,
  ) {
    this.contactBook = new WebContacts(opening.client, opening.people, timings);
  }

  send(command: SendCommand): Promise<SentMessage> {
    return this.opening.sender.send(command);
  }

  newMessageId(): string {
    return this.opening.sender.newMessageId();
  }

  findMessage(providerMessageId: string): Promise<AckLevel | null> {
    return this.opening.sender.findMessage(providerMessageId);
  }

  async refreshQr(): Promise<void> {
    const { client } = this.opening;
    const state = await client.call('Asking for a new QR', this.timings.lookupMs, renewQrReferences);
    if (!state.startsWith('UNPAIRED')) throw new Error(`No QR is shown while WhatsApp is ${state}.`);
  }

  /** A send under way has asked the page itself; with many of them waiting there is never a moment without one. */
  async probe(): Promise<void> {
    const { sender } = this.opening;
    if (!sender.isBusy) await sender.requireConnection();
    else if (sender.trouble) throw sender.trouble;
  }

  close(): Promise<void> {
    return this.opening.close();
  }

  async logout(): Promise<void> {
    // Of an opening that is over the login is left to remove, unless the session is open anew: then it is not ours.
    if (!(await this.opening.logout())) await this.forget();
  }

  requestPairingCode(phone: PhoneNumber): Promise<string> {
    return this.contactBook.requestPairingCode(phone);
  }

  checkNumber(phone: PhoneNumber): Promise<NumberCheck> {
    return this.contactBook.checkNumber(phone);
  }

  downloadMedia(providerMessageId: string, maxBytes: number): Promise<DownloadedMedia | null> {
    return this.contactBook.downloadMedia(providerMessageId, maxBytes);
  }

  markRead(chat: Recipient): Promise<void> {
    return this.contactBook.markRead(chat);
  }

  setTyping(chat: Recipient, state: TypingState): Promise<void> {
    return this.contactBook.setTyping(chat, state);
  }

  profile(phone: PhoneNumber | null): Promise<Profile> {
    return this.contactBook.profile(phone);
  }

  contacts(): Promise<readonly Contact[]> {
    return this.contactBook.contacts();
  }

  groups(): Promise<readonly Group[]> {
    return this.contactBook.groups();
  }
}
