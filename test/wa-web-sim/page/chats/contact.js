import { Model } from '../base/model.js';
import { isMe } from '../session.js';
import { collections } from './collections.js';

const DEFAULTS = {
  name: undefined,
  shortName: undefined,
  pushname: undefined,
  type: 'in',
  isBusiness: false,
  isEnterprise: false,
  isSmb: false,
  isContactSyncCompleted: 1,
  isContactBlocked: false,
  phoneNumber: undefined,
  verifiedLevel: undefined,
  verifiedName: undefined,
  statusMute: false,
  sectionHeader: undefined,
  isAddressBookContact: 0,
  textStatusLastUpdateTime: -1,
  syncToAddressbook: false,
};

export class Contact extends Model {
  isWAContact = true;

  constructor(attributes) {
    super({ ...DEFAULTS, labels: [], ...attributes });
  }

  get formattedName() {
    return this.attributes.name || this.attributes.pushname || `+${this.attributes.id.user}`;
  }

  get isMe() {
    return isMe(this.attributes.id);
  }

  get isGroup() {
    return this.attributes.id.isGroup();
  }

  get isUser() {
    return this.attributes.id.isUser();
  }

  get isMyContact() {
    return !!this.attributes.isAddressBookContact;
  }

  get userid() {
    return this.attributes.id.user;
  }

  get commonGroups() {
    const isMember = (chat) => chat.groupMetadata && chat.groupMetadata.participants.get(this.attributes.id);
    const groups = collections.Chat.filter((chat) => chat.isGroup && isMember(chat));
    return { serialize: () => groups.map(({ id }) => ({ id })) };
  }
}
