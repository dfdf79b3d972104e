import type { WhatsAppWindow } from './whatsapp-window.js';

// Every function here runs in the page: it is sent there as text, so it may use nothing from outside itself.

/** What keeps the page from sending, as a word of WhatsApp; null when nothing does. Touches all that a send needs. */
export const findSendObstacle = (): string | null => {
  const page = window as unknown as WhatsAppWindow;
  const { state } = page.require('WAWebSocketModel').Socket;
  if (state !== 'CONNECTED') return state;
  if (page.waypost?.listening !== 'attached' || !page.WWebJS) return 'OPENING';
  const needed = [
    page.require('WAWebFindChatAction').findOrCreateLatestChat,
    page.require('WAWebSendMsgChatAction').addAndSendMsgToChat,
    page.require('WAWebQueryExistsJob').queryWidExists,
    page.require('WAWebWidFactory').createWid,
    page.require('WAWebMsgKey').newId,
    page.WWebJS.sendMessage,
  ];
  if (!page.require('WAWebUserPrefsMeUser').getMaybeMePnUser()) return 'UNPAIRED';
  return needed.every((part) => typeof part === 'function') ? null : 'MISSING_FUNCTION';
};

/** The address under which WhatsApp knows a number, or null when it has no such user. */
export const findAddress = async (id: string): Promise<string | null> => {
  const page = window as unknown as WhatsAppWindow;
  const found = await page.require('WAWebQueryExistsJob').queryWidExists(page.require('WAWebWidFactory').createWid(id));
  return found?.wid?._serialized ?? null;
};

/** Makes sure of a chat with this address and gives its own, so that the send itself asks the server nothing. */
export const prepareChat = async (address: string): Promise<string | null> => {
  const page = window as unknown as WhatsAppWindow;
  const chat = await page.WWebJS?.getChat(address, { getAsModel: false });
  return chat?.id._serialized ?? null;
};

export type HandOver = { readonly id: string | null; readonly ack: number } | { readonly notHandedOver: string };

/** Hands a text to WhatsApp under the given id. An error is told apart: before the message was in the page, or after. */
export const handOverText = async (address: string, text: string, id: string): Promise<HandOver> => {
  const page = window as unknown as WhatsAppWindow;
  const keys = page.require('WAWebMsgKey');
  const send = async (): Promise<HandOver> => {
    const chat = await page.WWebJS?.getChat(address, { getAsModel: false });
    if (!chat || !page.WWebJS) return { notHandedOver: 'The chat is gone.' };
    const original = keys.newId;
    // The library asks for an id before it first waits: nobody else can get ours, and the page has its own back at once.
    keys.newId = () => {
      keys.newId = original;
      return Promise.resolve(id);
    };
    let sending;
    try {
      sending = page.WWebJS.sendMessage(chat, text, { mentionedJidList: [] });
    } finally {
      keys.newId = original;
    }
    const message = await sending;
    return { id: message?.id.id ?? null, ack: message?.ack ?? 0 };
  };
  try {
    return await send();
  } catch (error) {
    const messages = page.require('WAWebCollections').Msg.getModelsArray();
    if (messages.some((message) => message.id.fromMe && message.id.id === id)) return { id, ack: 0 };
    return { notHandedOver: error instanceof Error ? error.message : String(error) };
  }
};

/**
 * How far a message of ours got, as WhatsApp counts it, or null when it is not known. Its chat is not part of our id
 * (it may be named by number or by LID), so what is not in memory is looked for in the chats that were last used.
 */
export const readAck = async (id: string, chats: number): Promise<number | null> => {
  const page = window as unknown as WhatsAppWindow;
  const { state, hasSynced } = page.require('WAWebSocketModel').Socket;
  // Before that the page has not loaded what it keeps, and "unknown" would be a lie that sends a message twice.
  if (state !== 'CONNECTED' || !hasSynced) throw new Error(`WhatsApp is not connected (${state}).`);
  const { Msg, Chat } = page.require('WAWebCollections');
  const loaded = Msg.getModelsArray().find((message) => message.id.fromMe && message.id.id === id);
  if (loaded) return loaded.ack ?? 0;
  const me = page.require('WAWebUserPrefsMeUser');
  const authors = [me.getMaybeMePnUser(), me.getMaybeMeLidUser()].map((wid) => `_${wid?._serialized ?? ''}`);
  const keys = Chat.getModelsArray()
    .sort((a, b) => (b.t ?? 0) - (a.t ?? 0))
    .slice(0, chats)
    .flatMap(({ id: { server, _serialized } }) =>
      // In a group the author is part of the id.
      (server === 'g.us' ? authors : ['']).map((author) => `true_${_serialized}_${id}${author}`),
    );
  const stored = await Msg.getMessagesById(keys);
  const found = stored?.messages.find((message) => message.id.id === id);
  return found ? (found.ack ?? 0) : null;
};
