/** People: numbers, contacts, cards, pictures, blocking. */
import { createWid, serialized } from '../base/ids.js';
import { collections } from '../chats/collections.js';
import { learnLid } from '../chats/lids.js';
import { act, ask } from '../link.js';
import { session } from '../session.js';
import { Conn } from '../socket.js';
import { findCallingCode } from './calling-codes.js';

const DEFAULT_ABOUT = 'Hey there! I am using WhatsApp.';

async function queryWidExists(wid) {
  const answer = await ask('queryExists', { id: serialized(wid) });
  if (!answer || !answer.exists) return null;
  learnLid(answer.pn, answer.lid);
  return { wid: createWid(answer.pn), biz: !!answer.biz, ...(answer.lid ? { lid: createWid(answer.lid) } : {}) };
}

function formattedPhoneNumber(address) {
  return `+${String(address).split('@')[0]}`;
}

function vcardFromContactModel({ formattedName, id }) {
  const phone = `TEL;type=CELL;waid=${id.user}:+${id.user}`;
  const lines = ['BEGIN:VCARD', 'VERSION:3.0', `N:;${formattedName};;;`, `FN:${formattedName}`, phone, 'END:VCARD'];
  return { displayName: formattedName, vcard: lines.join('\n') };
}

async function blockContact({ contact }) {
  await act('block', { id: serialized(contact.id) });
  contact.set({ isContactBlocked: true });
  collections.Blocklist.add({ id: contact.id });
}

async function unblockContact(contact) {
  await act('unblock', { id: serialized(contact.id) });
  contact.set({ isContactBlocked: false });
  collections.Blocklist.remove(contact);
}

async function saveContactAction(entry) {
  await act('saveContact', entry);
  const contact = collections.Contact.gadd(createWid(`${String(entry.phoneNumber).replace(/\D/g, '')}@c.us`));
  const name = [entry.firstName, entry.lastName].filter(Boolean).join(' ');
  contact.set({ name, isAddressBookContact: 1 });
}

async function deleteContactAction({ phoneNumber }) {
  await act('deleteContact', { id: serialized(phoneNumber) });
  const contact = collections.Contact.get(phoneNumber);
  if (contact) contact.set({ name: undefined, isAddressBookContact: 0 });
}

const pictures = {
  async requestProfilePicFromServer(contact) {
    const picture = await ask('profilePic', { id: serialized(contact.id || contact) });
    return picture ? { eurl: picture.eurl } : undefined;
  },
  profilePicResync: async () => {},
  async sendSetPicture(id) {
    await act('setPicture', { id: serialized(id) });
    return { status: 200 };
  },
  async requestDeletePicture(id) {
    await act('deletePicture', { id: serialized(id) });
    return { status: 200 };
  },
};

const contactGetters = {
  getIsMe: (contact) => contact.isMe,
  getIsUser: (contact) => contact.isUser,
  getIsGroup: (contact) => contact.isGroup,
  getIsWAContact: () => true,
  getUserid: (contact) => contact.userid,
  getVerifiedName: (contact) => contact.verifiedName,
  getVerifiedLevel: (contact) => contact.verifiedLevel,
  getStatusMute: (contact) => contact.statusMute,
  getName: (contact) => contact.name,
  getShortName: (contact) => contact.shortName,
  getPushname: (contact) => contact.pushname,
  getIsEnterprise: (contact) => contact.isEnterprise,
  getIsBusiness: (contact) => contact.isBusiness,
  getDisplayName: (contact) => contact.formattedName,
  getFormattedName: (contact) => contact.formattedName,
  getNotifyName: (contact) => contact.pushname,
  getIsMyContact: (contact) => contact.isMyContact,
};

export const contactModules = {
  WAWebQueryExistsJob: {
    queryWidExists,
    queryPhoneExists: (phone) => queryWidExists(`${String(phone).replace(/\D/g, '')}@c.us`),
  },
  WAWebContactCollection: {
    get ContactCollection() {
      return collections.Contact;
    },
    getMeContact: () => session.me && collections.Contact.get(session.me.pn),
  },
  WAWebContactGetters: contactGetters,
  WAWebFrontendContactGetters: {
    getIsMyContact: (contact) => contact.isMyContact,
    getFormattedName: (contact) => contact.formattedName,
    getFormattedUser: (contact) => `+${contact.id.user}`,
  },
  WAWebContactStatusBridge: {
    async getStatus({ wid }) {
      const contact = await ask('contact', { id: serialized(wid) });
      return { status: (contact && contact.about) ?? DEFAULT_ABOUT };
    },
    setMyStatus: (status) => act('setStatus', { status }),
  },
  WAWebSetPushnameConnAction: {
    async setPushname(name) {
      await act('setPushname', { name });
      Conn.set({ pushname: name });
    },
  },
  WAWebContactProfilePicThumbBridge: pictures,
  WAWebPhoneUtils: { formattedPhoneNumber },
  WAPhoneUtils: { formattedPhoneNumber },
  WAPhoneFindCC: { findCC: findCallingCode },
  WAWebFrontendVcardUtils: { vcardFromContactModel },
  WAWebVcardParsingUtils: { parseVcard: (text) => ({ fn: (/^FN:(.*)$/m.exec(text) || [])[1] }) },
  WAWebVcardGetNameFromParsed: { vcardGetNameFromParsed: (parsed) => parsed.fn },
  WAWebBlockContactUtils: { getContactToBlockOnlyUseIfNoAssociatedChat: (contact) => contact },
  WAWebBlockContactAction: { blockContact, unblockContact },
  WAWebFindCommonGroupsContactAction: { findCommonGroups: async () => true },
  WAWebSaveContactAction: { saveContactAction },
  WAWebDeleteContactAction: { deleteContactAction },
  WAWebApiDeviceList: { getDeviceIds: async (wids) => wids.map((id) => ({ id, devices: [{ id: 0 }] })) },
};
