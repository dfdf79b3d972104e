/** How a message leaves the page. */
import { MsgKey, serialized } from './base/ids.js';
import { nowSeconds } from './base/time.js';
import { collections } from './chats/collections.js';
import { Msg } from './chats/message.js';
import { attachMedia, recordOf } from './chats/message-records.js';
import { ask, faultPoint } from './link.js';
import { mediaObjectOf } from './media/media-objects.js';
import { uploadMedia } from './media/transfer.js';
import { session } from './session.js';

const UNCACHED_MS = 300;
const METHODS_OF_MEDIA = ['toJSON', 'set'];
/** What a forwarded message does not take over. */
const OF_THE_ORIGINAL = new Set(['id', 'from', 'to', 'author', 'ack', 't']);

/** The message, as soon as it is in the chat, and what the service says of it: two promises, as on the real page. */
export function addAndSendMsgToChat(chat, attributes) {
  const msg = new Msg({ ...sendable(attributes), isNewMsg: true });
  if (msg.attributes.directPath) markAsUnsentMedia(msg);
  // At once: older versions of whatsapp-web.js read it back without waiting.
  chat.msgs.add(msg, { silent: true });
  chat.attributes.t = msg.t;
  collections.Msg.add(msg);
  const added = faultPoint('addMsg').then(() => msg);
  const result = added.then(() => transmit(chat, msg));
  result.catch(() => msg.set({ ack: -1, isSendFailure: true }));
  return [added, result];
}

/** The older way: a prepared file is uploaded and sent in one call. */
export async function sendPrepared(mediaData, chat, options) {
  const mediaObject = mediaObjectOf(mediaData.filehash);
  mediaObject.mediaBlob = mediaData.mediaBlob;
  const { mimetype, type } = mediaData;
  const { mediaEntry } = await uploadMedia({ mimetype, mediaObject, mediaType: type });
  const own = await ownMessage(chat);
  return addAndSendMsgToChat(chat, { ...mediaData.toJSON(), ...mediaEntry, ...own, ...options })[1];
}

export async function forwardMessage(chat, msg) {
  const isContent = ([name]) => !OF_THE_ORIGINAL.has(name);
  const content = Object.fromEntries(Object.entries(recordOf(msg)).filter(isContent));
  const own = await ownMessage(chat);
  const [added] = addAndSendMsgToChat(chat, { ...content, ...own, isForwarded: true, local: true });
  await added;
}

/** What every message of our own starts with. */
async function ownMessage(chat) {
  const from = session.me.pn;
  const id = new MsgKey({ from, to: chat.id, id: await MsgKey.newId(), selfDir: 'out' });
  return { id, from, to: chat.id, self: 'out', t: nowSeconds(), ack: 0 };
}

function sendable(attributes) {
  const isKept = ([name]) => !Msg.hidden.has(name) && !METHODS_OF_MEDIA.includes(name);
  return Object.fromEntries(Object.entries(attributes).filter(isKept));
}

function markAsUnsentMedia(msg) {
  attachMedia(msg, 'RESOLVED');
  msg.attributes.isUnsentMedia = true;
  msg.defineAttributes({ isUnsentMedia: true });
}

async function transmit(chat, msg) {
  const answer = await ask('send', { msg: recordOf(msg), chat: serialized(chat.id) });
  if (answer.silent) return { messageSendResult: 'OK', t: msg.t, count: 1 };
  if (answer.uncached) hideForAWhile(msg);
  if (answer.error) {
    msg.set({ ack: -1, isSendFailure: true });
    return { messageSendResult: answer.error, t: msg.t, count: 0 };
  }
  if (msg.attributes.isUnsentMedia) msg.set({ isUnsentMedia: false });
  if ((msg.ack || 0) < 1) msg.set({ ack: 1 });
  return { messageSendResult: 'OK', t: answer.t, count: 1 };
}

/** The message was sent, but the page does not find it under its id. */
function hideForAWhile(msg) {
  const index = collections.Msg._index;
  index.delete(msg.id._serialized);
  setTimeout(() => index.set(msg.id._serialized, msg), UNCACHED_MS);
}
