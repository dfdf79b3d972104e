/** Who is who: our own account, addresses of every kind, message keys. */
import { createWid, MsgKey, serialized, Wid } from '../base/ids.js';
import { collections } from '../chats/collections.js';
import { lidOf, numberOf } from '../chats/lids.js';
import { isMe, session } from '../session.js';
import { settings } from '../settings.js';

const createUserWid = (user, server) => new Wid(user, server || 'c.us');
const itself = (value) => value;
const myNumber = () => session.me && session.me.pn;

function asUserWidOrThrow(value) {
  if (!value || !createWid(serialized(value)).isUser()) throw new Error('asUserWidOrThrow');
  return createWid(serialized(value));
}

function toUserLidOrThrow(wid) {
  const lid = lidOf(wid);
  if (!lid) throw new Error('No LID for user');
  return lid;
}

function toPn(wid) {
  const own = createWid(serialized(wid));
  return own.isLid() ? numberOf(own) : own;
}

export const identityModules = {
  WAWebUserPrefsMeUser: {
    getMaybeMePnUser: myNumber,
    getMaybeMeLidUser: () => session.me && session.me.lid,
    getMaybeMeUser: myNumber,
    getMeUser: myNumber,
    getMePnUserOrThrow: () => session.me.pn,
    getMeLidUserOrThrow: () => session.me.lid,
    assertGetMe: () => session.me.pn,
    isMeAccount: isMe,
  },
  WAWebCollections: collections,
  WAWebWidFactory: {
    createWid,
    createWidFromWidLike: (value) => createWid(serialized(value)),
    createUserWid,
    createUserWidOrThrow: createUserWid,
    createDeviceWid: createWid,
    asUserWidOrThrow,
    isWidlike: (value) => !!value && (value instanceof Wid || typeof value._serialized === 'string'),
    toUserWid: itself,
    toUserWidOrThrow: itself,
    toChatWid: itself,
    asChatWidOrThrow: itself,
    toUserLid: lidOf,
    toUserLidOrThrow,
  },
  WAWebWid: Wid,
  WAWebMsgKey: MsgKey,
  WAWebWidToJid: {
    widToUserJid: (wid) => createWid(serialized(wid)).toJid(),
    widToGroupJid: serialized,
    widToChatJid: (wid) => createWid(serialized(wid)).toJid(),
  },
  WAWebJidToWid: { userJidToUserWid: createWid, newsletterJidToWid: createWid, chatJidToChatWid: createWid },
  WAWebApiContact: {
    getCurrentLid: lidOf,
    getLatestLid: lidOf,
    getPhoneNumber: numberOf,
    getAlternateUserWid: (wid) => lidOf(wid) || numberOf(wid),
  },
  WAWebLidMigrationUtils: { toPn, toLid: lidOf, isLidMigrated: () => !!settings.lidMode },
};
