/** Chats: finding, reading, searching, clearing. */
import { serialized } from '../base/ids.js';
import { Chat } from '../chats/chat.js';
import { findOrCreateLatestChat } from '../chats/finding.js';
import { collections } from '../chats/collections.js';
import { takeMessage } from '../chats/message-records.js';
import { act, ask, link } from '../link.js';

async function sendSeen(target) {
  const chat = target.chat || target;
  const told = ask('seen', { chat: serialized(chat.id) }).catch(() => {});
  // Without network the receipt waits in a queue, and nobody waits for it.
  if (link.ready) await told;
  if (chat.unreadCount) chat.set({ unreadCount: 0 });
}

async function loadEarlierMsgs(target) {
  const chat = (target && target.chat) || target;
  const have = chat.msgs.map((msg) => msg.id._serialized);
  const records = await ask('history', { chat: serialized(chat.id), have });
  return records.map((record) => takeMessage(record, { history: true }));
}

async function sendClear(chat) {
  await act('clear', { chat: serialized(chat.id) });
  for (const msg of chat.msgs.getModelsArray()) {
    chat.msgs.remove(msg);
    collections.Msg.forget(msg);
  }
}

async function sendDelete(chat) {
  await act('deleteChat', { chat: serialized(chat.id) });
  collections.Chat.remove(chat);
}

export const chatModules = {
  WAWebChatModel: { Chat },
  WAWebFindChatAction: {
    findOrCreateLatestChat,
    findChat: async (wid) => (await findOrCreateLatestChat(wid)).chat,
    findExistingChat: (wid) => collections.Chat.get(wid),
  },
  WAWebUpdateUnreadChatAction: { sendSeen, markUnread: async (chat) => chat.set({ unreadCount: -1 }) },
  WAWebChatGetters: {
    getIsNewsletter: (chat) => chat.id.isNewsletter(),
    getIsBroadcast: (chat) => chat.id.isBroadcast(),
    getIsGroup: (chat) => chat.id.isGroup(),
    getIsUser: (chat) => chat.id.isUser(),
  },
  WAWebChatLoadMessages: { loadEarlierMsgs },
  WAWebConversationMsgsLoad: { loadEarlierMsgs },
  WAWebChatClearBridge: { sendClear },
  WAWebDeleteChatAction: { sendDelete },
  WAWebChatMessageSearch: { getSearchContext: async () => ({}) },
  WAWebChatStateBridge: {
    sendChatStateComposing: (id) => act('composing', { chat: serialized(id) }),
    sendChatStateRecording: (id) => act('recording', { chat: serialized(id) }),
    sendChatStatePaused: (id) => act('paused', { chat: serialized(id) }),
  },
  WAWebPresenceChatAction: {
    sendPresenceAvailable: () => act('presenceAvailable', {}),
    sendPresenceUnavailable: () => act('presenceUnavailable', {}),
  },
  WAWebDrawerManager: { DrawerManager: { closeDrawerRight: async () => {} } },
  WAWebGetEphemeralFieldsMsgActionsUtils: {
    getEphemeralFields({ ephemeralDuration, ephemeralSettingTimestamp }) {
      if (!ephemeralDuration) return {};
      return { ephemeralDuration, ephemeralSettingTimestamp, disappearingModeInitiator: 'chat' };
    },
  },
};
