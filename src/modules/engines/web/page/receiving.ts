import type { PageChat, PageMessage, WhatsAppWindow } from './whatsapp-window.js';

// Every function here runs in the page: it is sent there as text, so it may use nothing from outside itself.

export interface PageInbound {
  readonly id: string;
  readonly from: string;
  /** Who wrote it into a group. */
  readonly author?: string | undefined;
  readonly type: string;
  readonly body: string;
  /** Seconds since 1970. */
  readonly t: number;
  readonly details: PageDetails;
}

/** What WhatsApp keeps of a message beside its text, under its own names. */
export interface PageDetails {
  readonly caption?: string;
  readonly mimetype?: string;
  readonly filename?: string;
  readonly size?: number;
  readonly lat?: number;
  readonly lng?: number;
  readonly loc?: string;
  readonly vcardList?: readonly { readonly displayName?: string; readonly vcard?: string }[];
  readonly vcardFormattedName?: string;
  readonly pollName?: string;
  readonly pollOptions?: readonly { readonly name: string }[];
  readonly quotedStanzaID?: string;
  readonly quotedParticipant?: string;
  readonly isForwarded?: boolean;
  readonly mentionedJidList?: readonly string[];
}

/** The unread messages of people, oldest first in each chat; what came while nobody listened is among them. */
export const readUnread = async (
  limits: { perChat: number; total: number },
  wantedDetails: readonly string[],
): Promise<PageInbound[]> => {
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
  const detailsOf = (message: PageMessage): Record<string, unknown> => {
    const given = message as unknown as Record<string, unknown>;
    const found = wantedDetails.map((name) => [name, given[name]] as const);
    const present = found.filter(([, value]) => value !== undefined && value !== null);
    const plain = present.map(([name, value]) => [
      name,
      (value as { _serialized?: string })._serialized ?? (JSON.parse(JSON.stringify(value)) as unknown),
    ]);
    return Object.fromEntries(plain) as Record<string, unknown>;
  };
  const toInbound = (message: PageMessage): PageInbound => {
    const { id, from, type, body, t, author } = message;
    // The body of a file is a picture of it in small.
    const text = ['chat', 'vcard'].includes(type) ? (body ?? '') : '';
    const who = { from: from._serialized, author: author?._serialized };
    return { id: id._serialized, ...who, type, body: text, t, details: detailsOf(message) };
  };
  const unread: PageInbound[] = [];
  const chats = page
    .require('WAWebCollections')
    .Chat.getModelsArray()
    .filter(({ id, unreadCount }) => (unreadCount ?? 0) > 0 && ['c.us', 'lid', 'g.us'].includes(id.server))
    .sort((a, b) => (b.t ?? 0) - (a.t ?? 0));
  for (const chat of chats) {
    const wanted = Math.min(chat.unreadCount ?? 0, limits.perChat, limits.total - unread.length);
    if (wanted <= 0) break;
    for (const message of await load(chat, wanted)) unread.push(toInbound(message));
  }
  return unread;
};

/** The address by phone number of a contact that WhatsApp names by a LID; null when it does not tell. */
export const findPhoneAddress = async (lid: string): Promise<string | null> => {
  const page = window as unknown as WhatsAppWindow;
  const found = await page.WWebJS?.enforceLidAndPnRetrieval(lid);
  return found?.phone?._serialized ?? null;
};

/** The linked number under each of its addresses. */
export const readMyAddresses = (): string[] => {
  const me = (window as unknown as WhatsAppWindow).require('WAWebUserPrefsMeUser');
  return [me.getMaybeMePnUser(), me.getMaybeMeLidUser()].flatMap((wid) => (wid ? [wid._serialized] : []));
};

/** The addresses by phone number of those LIDs that the page has learned already. */
export const readKnownPhones = (lids: readonly string[]): Record<string, string> => {
  const page = window as unknown as WhatsAppWindow;
  const { createWid } = page.require('WAWebWidFactory');
  const { getPhoneNumber } = page.require('WAWebApiContact');
  const found = lids.map((lid) => [lid, getPhoneNumber(createWid(lid))?._serialized] as const);
  return Object.fromEntries(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
};
