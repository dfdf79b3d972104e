/** Between the message records of the service, which are plain text, and the models of the page. */
import { createWid, MsgKey, serialized, Wid } from '../base/ids.js';
import { OpaqueData } from '../media/opaque-data.js';
import { mediaObjectOf } from '../media/media-objects.js';
import { ensureChat } from './finding.js';
import { collections } from './collections.js';
import { learnLid } from './lids.js';
import { Msg, senderOf } from './message.js';

/** What is said to the page about a message, and is no part of it. */
const OF_THE_RECORD = new Set(['rawId', '__stage']);
const ADDRESS_FIELDS = ['from', 'to', 'author', 'quotedParticipant', 'quotedRemoteJid'];

/** Takes a message from the service into its chat. Only one that is not history is new to listeners. */
export function takeMessage(record, { history = false } = {}) {
  const known = collections.Msg.get(record.id);
  if (known) return known;
  if (record.pn && record.lid) learnLid(record.pn, record.lid);
  const msg = new Msg({ ...attributesOf(record), isNewMsg: !history });
  if (msg.attributes.directPath) attachMedia(msg, record.__stage);
  const chat = ensureChat(msg.id.remote);
  if (msg.attributes.notifyName && !msg.id.fromMe) introduceSender(msg, record);
  chat.msgs.add(msg, { silent: true });
  chat.attributes.t = msg.t;
  chat.attributes.lastReceivedKey = msg.id;
  collections.Msg.add(msg);
  if (!history && !msg.id.fromMe && !msg.isNotification) {
    chat.set({ unreadCount: Math.max(0, chat.unreadCount) + 1 });
  }
  return msg;
}

/** A message as the service takes it. */
export function recordOf(msg) {
  const record = {};
  for (const [name, value] of Object.entries(msg.serialize())) {
    const plain = plainOf(name, value);
    if (plain !== undefined) record[name] = plain;
  }
  return record;
}

/** Gives a message with a file what whatsapp-web.js looks at before it downloads. */
export function attachMedia(msg, stage) {
  const { size, filehash } = msg.attributes;
  const hidden = { enumerable: false, configurable: true };
  const mediaData = { mediaStage: stage || 'NEED_POKE', type: msg.type, size, filehash };
  Object.defineProperty(msg, 'mediaData', { ...hidden, value: mediaData });
  Object.defineProperty(msg, 'mediaObject', { ...hidden, value: mediaObjectOf(filehash) });
}

function attributesOf(record) {
  const isAttribute = ([name]) => !OF_THE_RECORD.has(name);
  const attributes = Object.fromEntries(Object.entries(record).filter(isAttribute));
  attributes.id = MsgKey.fromString(record.id);
  for (const name of ADDRESS_FIELDS) if (attributes[name]) attributes[name] = createWid(attributes[name]);
  if (attributes.mentionedJidList) attributes.mentionedJidList = attributes.mentionedJidList.map(createWid);
  return attributes;
}

function introduceSender(msg, record) {
  const sender = senderOf(msg);
  const contact = collections.Contact.gadd(sender, { silent: true });
  if (contact.pushname !== msg.attributes.notifyName) contact.set({ pushname: msg.attributes.notifyName });
  if (record.pn && sender.isLid()) contact.set({ phoneNumber: createWid(record.pn) });
}

/** A value that can travel as JSON; undefined when it stays in the page. */
function plainOf(name, value) {
  if (name === 'id') return value._serialized;
  if (value instanceof Uint8Array) return Array.from(value);
  if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value));
  if (value instanceof Wid || value instanceof MsgKey) return value._serialized;
  if (Array.isArray(value) && value[0] instanceof Wid) return value.map(serialized);
  if (value instanceof Blob || value instanceof OpaqueData) return undefined;
  return value;
}
