import { parsePhoneNumber, phoneDigits, type PhoneNumber } from '../../../kernel/phone-number.js';
import { type GroupAddress, isGroupAddress, type Recipient } from '../../../kernel/recipient.js';
import type { DownloadedMedia } from '../engine.content.js';
import type { Contact, Group, NumberCheck, Profile, TypingState } from '../engine.port.js';
import { findAddress } from './page/sending.js';
import { startPairing } from './page/linking.js';
import type { LibraryChat } from './library.js';
import type { WebClient } from './web-client.js';
import { WebFiles } from './web-files.js';
import type { WebPeople } from './web-people.js';
import type { WebTimings } from './web-timings.js';

const MAX_CONTACTS = 5000;
const MAX_GROUPS = 1000;

const toPhone = (digits: string): string => parsePhoneNumber(digits) ?? `+${digits}`;

const addressOf = (chat: Recipient): string => (isGroupAddress(chat) ? chat : `${phoneDigits(chat)}@c.us`);

/** Of somebody who is not in the address book WhatsApp has no name but the one that they chose. */
const nameOf = ({ name, pushname }: { readonly name?: string; readonly pushname?: string }): string | null =>
  [name, pushname].find((one) => one !== undefined && one !== '') ?? null;

interface GroupMetadata {
  readonly announce?: boolean;
  readonly participants?: readonly { readonly id: { readonly _serialized: string }; readonly isAdmin?: boolean }[];
}

/** What can be asked of WhatsApp through the page, beside sending. */
export class WebContacts {
  private readonly files: WebFiles;

  constructor(
    private readonly client: WebClient,
    private readonly people: WebPeople,
    private readonly timings: WebTimings,
  ) {
    this.files = new WebFiles(client, timings);
  }

  async requestPairingCode(phone: PhoneNumber): Promise<string> {
    const { lookupMs } = this.timings;
    const code = await this.client.call('Asking for a pairing code', lookupMs, startPairing, phoneDigits(phone));
    if (code === null) throw new Error('No QR is shown that a code could replace.');
    return code;
  }

  async checkNumber(phone: PhoneNumber): Promise<NumberCheck> {
    const address = addressOf(phone);
    const found = await this.client.call('Looking up a number', this.timings.lookupMs, findAddress, address);
    return { isRegistered: found !== null, whatsappId: found };
  }

  downloadMedia(messageId: string, maxBytes: number): Promise<DownloadedMedia | null> {
    return this.files.download(messageId, maxBytes);
  }

  async markRead(chat: Recipient): Promise<void> {
    await this.client.ask('Marking a chat as read', this.timings.lookupMs, (client) =>
      client.sendSeen(addressOf(chat)),
    );
  }

  async setTyping(chat: Recipient, state: TypingState): Promise<void> {
    await this.client.ask('Showing that somebody types', this.timings.lookupMs, async (client) => {
      const found = await client.getChatById(addressOf(chat));
      if (state === 'composing') await found.sendStateTyping();
      else if (state === 'recording') await found.sendStateRecording();
      else await found.clearState();
    });
  }

  profile(phone: PhoneNumber | null): Promise<Profile> {
    return this.client.ask('Reading a profile', this.timings.lookupMs, async (client) => {
      const id = phone === null ? client.info.wid._serialized : addressOf(phone);
      const contact = await client.getContactById(id);
      const [about, pictureUrl] = await Promise.all([
        contact.getAbout().catch(() => null),
        client.getProfilePicUrl(id).catch(() => null),
      ]);
      return {
        phone: phone ?? toPhone(client.info.wid.user),
        name: nameOf(contact),
        about: about ?? null,
        pictureUrl: pictureUrl ?? null,
        isBusiness: contact.isBusiness,
      };
    });
  }

  contacts(): Promise<readonly Contact[]> {
    return this.client.ask('Reading the contacts', this.timings.catchUpMs, async (client) => {
      const people = (await client.getContacts()).filter(({ isUser, isMe }) => isUser && !isMe);
      const read = people.slice(0, MAX_CONTACTS);
      const phoneOf = await this.people.knownPhonesOf(read.map(({ id }) => id._serialized));
      // Somebody may be there by number and by LID.
      const byPhone = new Map<string, Contact>();
      for (const person of read) {
        const { isBlocked, isMyContact: isSaved } = person;
        const contact = { phone: phoneOf(person.id._serialized), name: nameOf(person), isBlocked, isSaved };
        if (!byPhone.has(contact.phone) || isSaved) byPhone.set(contact.phone, contact);
      }
      return [...byPhone.values()].filter(({ phone }) => phone.startsWith('+'));
    });
  }

  groups(): Promise<readonly Group[]> {
    return this.client.ask('Reading the groups', this.timings.catchUpMs, async (client) => {
      const groups = (await client.getChats()).filter(({ isGroup }) => isGroup);
      return Promise.all(groups.slice(0, MAX_GROUPS).map((chat) => this.toGroup(chat)));
    });
  }

  private async toGroup(chat: LibraryChat): Promise<Group> {
    const { groupMetadata = {} } = chat as unknown as { readonly groupMetadata?: GroupMetadata };
    const members = groupMetadata.participants ?? [];
    const phoneOf = await this.people.knownPhonesOf(members.map(({ id }) => id._serialized));
    return {
      id: chat.id._serialized as GroupAddress,
      name: chat.name,
      isAnnouncement: groupMetadata.announce === true,
      participants: members.map(({ id, isAdmin }) => ({ phone: phoneOf(id._serialized), isAdmin: isAdmin === true })),
    };
  }
}
