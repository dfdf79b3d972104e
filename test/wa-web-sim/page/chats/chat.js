import { Model } from '../base/model.js';
import { serialized } from '../base/ids.js';
import { act } from '../link.js';
import { session } from '../session.js';
import { collections } from './collections.js';
import { MsgCollection } from './message-collection.js';

const DEFAULTS = {
  pendingMsgs: false,
  lastReceivedKey: undefined,
  t: undefined,
  unreadCount: 0,
  unreadDividerOffset: 0,
  archive: false,
  isReadOnly: false,
  isLocked: false,
  muteExpiration: 0,
  isAutoMuted: false,
  notSpam: true,
  pin: 0,
  ephemeralDuration: 0,
  ephemeralSettingTimestamp: 0,
  endOfHistoryTransferType: 1,
  pendingInitialLoading: false,
  msgs: undefined,
  groupMetadata: undefined,
  name: undefined,
};

class Mute extends Model {
  constructor(chat) {
    super({ id: chat.id, expiration: 0 });
    Object.defineProperty(this, '_chat', { value: chat });
  }

  get isMuted() {
    return this.expiration !== 0;
  }

  async mute({ expiration }) {
    await act('mute', { chat: serialized(this._chat.id), expiration });
    this.set({ expiration });
    this._chat.set({ muteExpiration: expiration });
  }

  async unmute() {
    await act('unmute', { chat: serialized(this._chat.id) });
    this.set({ expiration: 0 });
    this._chat.set({ muteExpiration: 0 });
  }

  canMute() {
    return true;
  }
}

export class Chat extends Model {
  constructor(attributes) {
    super({ ...DEFAULTS, labels: [], ...attributes });
    this.attributes.msgs = new MsgCollection();
    Object.defineProperty(this, 'mute', { value: new Mute(this), enumerable: false });
    if (!this.attributes.groupMetadata) delete this.attributes.groupMetadata;
  }

  get isGroup() {
    return this.attributes.id.isGroup();
  }

  get isUser() {
    return this.attributes.id.isUser();
  }

  get isBroadcast() {
    return this.attributes.id.isBroadcast();
  }

  get formattedTitle() {
    const { id, name } = this.attributes;
    const contact = collections.Contact.get(id);
    return name || (contact && (contact.name || contact.pushname)) || (id.isUser() ? `+${id.user}` : id.user);
  }

  get title() {
    return this.formattedTitle;
  }

  get contact() {
    return collections.Contact.gadd(this.attributes.id);
  }

  iAmAdmin() {
    const { participants } = this.groupMetadata || {};
    const participant = participants && (participants.get(session.me.pn) || participants.get(session.me.lid));
    return !!(participant && (participant.isAdmin || participant.isSuperAdmin));
  }

  canSend() {
    return true;
  }
}
