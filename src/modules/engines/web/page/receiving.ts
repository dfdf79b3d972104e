import type { PageChat, PageMessage, WhatsAppWindow } from './whatsapp-window.js';

// Every function here runs in the page: it is sent there as text, so it may use nothing from outside itself.

export interface PageInbound {
  readonly id: string;
  readonly from: string;
  readonly type: string;
  readonly body: string;
  /** Seconds since 1970. */
  readonly t: number;
}

/** The unread messages of people, oldest first in each chat; what came while nobody listened is among them. */
export const readUnread = async (limits: { perChat: number; total: number }): Promise<PageInbound[]> => {
  const page = window as unknown as WhatsAppWindow;
  const incoming = (chat: PageChat): PageMessage[] =>
    chat.msgs.getModelsArray().filter((one) => !one.id.fromMe && one.isNotification !== true);
  const load = async (chat: PageChat, wanted: number): Promise<PageMessage[]> => {
    for (let before = -1; incoming(chat).length < wanted && incoming(chat).length > before;) {
      before = incoming(chat).length;
      await page.require('WAWebChatLoadMessages').loadEarlierMsgs({ chat });
    }
    return incoming(chat)
      .sort((a, b) => a.t - b.t)
      .slice(-wanted);
  };
  const unread: PageInbound[] = [];
  const chats = page
    .require('WAWebCollections')
    .Chat.getModelsArray()
    .filter(({ id, unreadCount }) => (unreadCount ?? 0) > 0 && ['c.us', 'lid'].includes(id.server))
    .sort((a, b) => (b.t ?? 0) - (a.t ?? 0));
  for (const chat of chats) {
    const wanted = Math.min(chat.unreadCount ?? 0, limits.perChat, limits.total - unread.length);
    if (wanted <= 0) break;
    for (const { id, from, type, body, t } of await load(chat, wanted)) {
      unread.push({ id: id._serialized, from: from._serialized, type, body: type === 'chat' ? (body ?? '') : '', t });
    }
  }
  return unread;
};

/** The address by phone number of a contact that WhatsApp names by a LID; null when it does not tell. */
export const findPhoneAddress = async (lid: string): Promise<string | null> => {
  const page = window as unknown as WhatsAppWindow;
  const found = await page.WWebJS?.enforceLidAndPnRetrieval(lid);
  return found?.phone?._serialized ?? null;
};
