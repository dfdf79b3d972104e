/** Messages: sending, quoting, editing, reacting, polls, links. */
import { createWid, MsgKey, serialized } from '../base/ids.js';
import { collections } from '../chats/collections.js';
import { applyEdit } from '../chats/message-changes.js';
import { Msg } from '../chats/message.js';
import { applyReaction, reactionTableMode } from '../chats/reactions.js';
import { act, ask } from '../link.js';
import { addAndSendMsgToChat, forwardMessage } from '../send-path.js';
import { isMe, session } from '../session.js';
import { settings } from '../settings.js';

const EDITABLE_SECONDS = 900;

function isRecent(msg) {
  return Date.now() / 1000 - msg.t < EDITABLE_SECONDS;
}

function findLinks(text) {
  if (typeof text !== 'string') return [];
  const matches = text.matchAll(/\b((?:https?:\/\/|www\.)[^\s<>"']+)/gi);
  return [...matches].map(({ 1: url, index }) => ({
    href: /^https?:/i.test(url) ? url : `http://${url}`,
    url,
    value: url,
    index,
    suspiciousCharacters: new Set(),
  }));
}

async function getLinkPreview({ href }) {
  if (settings.linkPreviewFetch) await fetch(href, { mode: 'no-cors' }).catch(() => {});
  const preview = await ask('linkPreview', { url: href });
  return preview ? { url: href, data: preview } : null;
}

/** The message that another one answers; made up from the quotation when it is not here. */
function getQuotedMsgObj(msg) {
  const { quotedStanzaID, quotedRemoteJid, quotedParticipant, quotedMsg } = msg ? msg.attributes : {};
  if (!quotedStanzaID) return null;
  const remote = quotedRemoteJid || msg.id.remote;
  const fromMe = isMe(quotedParticipant);
  const participant = createWid(serialized(remote)).isGroup() ? quotedParticipant : undefined;
  const id = new MsgKey({ fromMe, remote, id: quotedStanzaID, participant });
  const to = fromMe ? remote : session.me.pn;
  return collections.Msg.get(id) || new Msg({ ...quotedMsg, id, from: quotedParticipant, to, t: msg.t, ack: 1 });
}

async function sendReactionToMsg(msg, text) {
  const msgId = msg.id._serialized;
  const { rawId } = await ask('react', { id: msgId, text });
  await applyReaction({ msgId, sender: session.me.pn._serialized, fromMe: true, text, rawId, t: Date.now() });
}

export const messageModules = {
  WAWebMsgModel: { Msg },
  WAWebMsgReply: { canReplyMsg: () => true },
  WAWebSendMsgChatAction: { addAndSendMsgToChat },
  WAWebSendMessageEditAction: {
    async sendMessageEdit(msg, content) {
      if (await ask('edit', { id: msg.id._serialized, body: content })) applyEdit(msg, content);
    },
  },
  WAWebMsgActionCapability: {
    canSenderRevokeMsg: (msg) => msg.id.fromMe,
    canAdminRevokeMsg: () => false,
    canStarMsg: () => true,
    canEditText: (msg) => msg.id.fromMe && msg.type === 'chat' && isRecent(msg),
    canEditCaption: (msg) => msg.id.fromMe && msg.caption !== undefined && isRecent(msg),
    canEditMsg: (msg) => msg.id.fromMe,
  },
  WAWebQuotedMsgModelUtils: { getQuotedMsgObj },
  WAWebChatForwardMessage: {
    async forwardMessages({ chat, msgs }) {
      for (const msg of msgs) await forwardMessage(chat, msg);
      return true;
    },
  },
  WAWebApiMessageInfoStore: { queryMsgInfo: async (key) => ask('msgInfo', { id: serialized(key) }) },
  WAWebMsgDataFromModel: { msgDataFromMsgModel: (msg) => msg.serialize() },
  WAWebMediaUpdateMsg: () => {},
  WALinkify: {
    findLinks,
    findLink: (text) => findLinks(text)[0],
    validateLink: (text) => findLinks(text)[0],
  },
  WAWebLinkPreviewChatAction: { getLinkPreview },
  WAWebSendReactionMsgAction: { sendReactionToMsg },
  WAWebAddonReactionTableMode: { reactionTableMode },
  WAWebDBCreateOrUpdateReactions: {
    createOrUpdateReactions: async (reactions) => reactionTableMode.bulkUpsert(reactions),
  },
  WAWebAddonPollVoteTableMode: { pollVoteTableMode: { bulkUpsert: async () => {} } },
  WAWebPollsSendVoteMsgAction: {
    sendVote: async (msg, options) => act('vote', { id: msg.id._serialized, options: [...options] }),
  },
  WAWebPollsVotesSchema: { getTable: () => ({ equals: async () => [] }) },
  WAWebPinInChatSchema: { getTable: () => ({ equals: async () => [] }) },
  WAWebPinMsgConstants: { getPinExpiryDuration: () => 604_800 },
  WAWebSendPinMessageAction: {
    async sendPinInChatMsg(msg, action, duration) {
      await act('pinMsg', { id: msg.id._serialized, action, duration });
      return { messageSendResult: 'OK' };
    },
  },
  WAWebNonMessageDataRequestPlaceholderMessageResendUtils: {
    handlePlaceholderMsgsSeen: (msgs) => act('placeholderResend', { ids: msgs.map((msg) => msg.id._serialized) }),
  },
  WAWebSendStatusMsgAction: {
    sendStatusTextMsgAction: async (status) => act('statusText', status),
    sendStatusMediaMsgAction: async () => act('statusMedia', {}),
  },
  WAWebSendEventResponseMsgAction: { sendEventResponseMsg: async () => {} },
  WAWebSendEventEditMsgAction: { sendEventEditMessage: async () => {} },
};
