import { randomHex } from './encoding.js';

const SERVERS = new Set([
  'c.us',
  'g.us',
  'lid',
  'broadcast',
  'newsletter',
  's.whatsapp.net',
  'call',
  'bot',
  'hosted',
  'hosted.lid',
]);

/** The text of an address or key, whichever form it comes in. */
export function serialized(value) {
  if (value === null || value === undefined || typeof value === 'string') return value;
  return value._serialized || String(value);
}

/** WhatsApp's address of a user, a group or a list: `user@server`. */
export class Wid {
  constructor(user, server, device) {
    this.server = server;
    this.user = user;
    if (device) this.device = device;
    this._serialized = device ? `${user}:${device}@${server}` : `${user}@${server}`;
  }

  static isWid(value) {
    return value instanceof Wid;
  }

  toString() {
    return this._serialized;
  }

  toJid() {
    return this.server === 'c.us' ? `${this.user}@s.whatsapp.net` : this._serialized;
  }

  toLogString() {
    return this._serialized;
  }

  equals(other) {
    return !!other && this._serialized === serialized(other);
  }

  isUser() {
    return this.server === 'c.us' || this.server === 'lid';
  }

  isRegularUser() {
    return this.isUser();
  }

  isRegularUserPn() {
    return this.server === 'c.us';
  }

  isLid() {
    return this.server === 'lid';
  }

  isGroup() {
    return this.server === 'g.us';
  }

  isGroupCall() {
    return false;
  }

  isStatus() {
    return this._serialized === 'status@broadcast';
  }

  isStatusV3() {
    return this.isStatus();
  }

  isBroadcast() {
    return this.server === 'broadcast';
  }

  isNewsletter() {
    return this.server === 'newsletter';
  }

  isBot() {
    return false;
  }

  isPSA() {
    return false;
  }

  isServer() {
    return this.server === 's.whatsapp.net' && !this.user;
  }

  isHosted() {
    return false;
  }

  isCompanion() {
    return !!this.device;
  }

  getSignalAddress() {
    return `${this.user}.${this.device || 0}`;
  }
}

export function createWid(value) {
  if (value instanceof Wid) return value;
  const text = typeof value === 'string' ? value : value && value._serialized;
  const match = typeof text === 'string' && /^([^@:]*)(?::(\d+))?@([a-z.]+)$/.exec(text);
  if (!match || !SERVERS.has(match[3])) throw new Error('wid error: invalid wid');
  const [, user, device, rawServer] = match;
  const server = rawServer === 's.whatsapp.net' ? 'c.us' : rawServer;
  if (server === 'c.us' && !/^\d+$/.test(user)) throw new Error('wid error: invalid wid');
  return new Wid(user, server, device ? Number(device) : undefined);
}

/** The key of a message: who it is from, in which chat, and its id; in groups the author too. */
export class MsgKey {
  constructor({ from, to, id, participant, selfDir, fromMe, remote }) {
    this.fromMe = fromMe !== undefined ? fromMe : selfDir === 'out';
    this.remote = remote || (this.fromMe ? to : from);
    this.id = id;
    if (participant) this.participant = participant;
    if (selfDir) this.self = selfDir;
    const author = participant ? `_${serialized(participant)}` : '';
    this._serialized = `${this.fromMe}_${serialized(this.remote)}_${id}${author}`;
  }

  static async newId() {
    return MsgKey.newId_DEPRECATED();
  }

  static newId_DEPRECATED() {
    return `3EB0${randomHex(9)}`;
  }

  static fromString(text) {
    const [fromMe, remote, id, participant] = String(text).split('_');
    if (id === undefined) throw new Error('MsgKey error: invalid key');
    return new MsgKey({
      fromMe: fromMe === 'true',
      remote: createWid(remote),
      id,
      participant: participant ? createWid(participant) : undefined,
    });
  }

  static from(value) {
    if (value instanceof MsgKey) return value;
    return typeof value === 'string' ? MsgKey.fromString(value) : new MsgKey(value);
  }

  toString() {
    return this._serialized;
  }

  equals(other) {
    return this._serialized === serialized(other);
  }

  clone() {
    return new MsgKey(this);
  }
}
