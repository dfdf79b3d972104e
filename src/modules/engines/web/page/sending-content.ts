import type { HandOver } from './sending.js';
import type { PageChat, PageMessage, PageMessageKey, PageSendOptions, WhatsAppWindow } from './whatsapp-window.js';

// Every function here runs in the page: it is sent there as text, so it may use nothing from outside itself.

/** What is handed over beside a plain text; everything in it survives the way into the page. */
export interface PageContent {
  readonly body: string;
  readonly options: PageSendOptions;
  /** Cards are written into the message as they are: the page would make them of its own contacts only. */
  readonly cards: readonly { readonly displayName: string; readonly vcard: string }[];
  readonly quoted: { readonly id: string; readonly isOurs: boolean } | null;
}

/** Hands a message to WhatsApp under the given id. An error is told apart: before the message was in the page, or after. */
export const handOverContent = async (address: string, content: PageContent, id: string): Promise<HandOver> => {
  const page = window as unknown as WhatsAppWindow;
  const { Msg } = page.require('WAWebCollections');
  const Key = page.require('WAWebMsgKey');
  const findQuoted = async (): Promise<string | undefined> => {
    if (content.quoted === null) return undefined;
    const { id: quotedId, isOurs } = content.quoted;
    const loaded = Msg.getModelsArray().find((one) => one.id._serialized === quotedId || one.id.id === quotedId);
    if (loaded) return loaded.id._serialized;
    const stored = await Msg.getMessagesById([isOurs ? `true_${address}_${quotedId}` : quotedId]);
    return stored?.messages[0]?.id._serialized;
  };
  const cards = (): object => {
    const [first] = content.cards;
    if (first === undefined) return {};
    if (content.cards.length === 1) return { type: 'vcard', body: first.vcard, vcardFormattedName: first.displayName };
    return { type: 'multi_vcard', vcardList: content.cards, body: null };
  };
  const keyIn = (chat: PageChat): PageMessageKey => {
    const me = page.require('WAWebUserPrefsMeUser');
    const isByLid = chat.id.server === 'lid' || chat.groupMetadata?.isLidAddressingMode === true;
    const from = (isByLid ? me.getMaybeMeLidUser() : null) ?? me.getMaybeMePnUser();
    const participant = chat.id.server === 'g.us' ? from : undefined;
    return new Key({ from, to: chat.id, id, participant, selfDir: 'out' });
  };
  const send = async (): Promise<HandOver> => {
    const chat = await page.WWebJS?.getChat(address, { getAsModel: false });
    if (!chat || !page.WWebJS) return { notHandedOver: 'The chat is gone.' };
    const quotedMessageId = await findQuoted();
    if (content.quoted !== null && quotedMessageId === undefined) return { notHandedOver: 'QUOTED_GONE' };
    // Spread over the message last of all, so that it is ours whatever the library has made up before.
    const key = keyIn(chat);
    const options = {
      ...content.options,
      ...(quotedMessageId !== undefined && { quotedMessageId }),
      extraOptions: { id: key, ...cards() },
    };
    const message = await page.WWebJS.sendMessage(chat, content.body, options);
    const found = message ?? Msg.get(key._serialized);
    return { id, ack: found?.ack ?? 0 };
  };
  try {
    return await send();
  } catch (error) {
    const messages: readonly PageMessage[] = Msg.getModelsArray();
    if (messages.some((message) => message.id.fromMe && message.id.id === id)) return { id, ack: 0 };
    return { notHandedOver: error instanceof Error ? error.message : String(error) };
  }
};

export type PageAct =
  | { readonly type: 'reaction'; readonly emoji: string }
  | { readonly type: 'edit'; readonly text: string }
  | { readonly type: 'revoke' };

/** Reacts to, edits or revokes a message; a word for what stands against it, or null when the server has done it. */
export const actOnMessage = async (
  address: string,
  target: { readonly id: string; readonly isOurs: boolean },
  act: PageAct,
): Promise<string | null> => {
  const page = window as unknown as WhatsAppWindow;
  const { Msg } = page.require('WAWebCollections');
  const loaded = Msg.getModelsArray().find((one) => one.id._serialized === target.id || one.id.id === target.id);
  const id = target.isOurs ? `true_${address}_${target.id}` : target.id;
  const message = loaded ?? (await Msg.getMessagesById([id]))?.messages[0];
  if (!message || !page.WWebJS) return 'GONE';
  if (act.type === 'reaction') {
    await page.require('WAWebSendReactionMsgAction').sendReactionToMsg(message, act.emoji);
    return null;
  }
  const capability = page.require('WAWebMsgActionCapability');
  if (act.type === 'edit') {
    if (!capability.canEditText(message)) return 'TOO_LATE';
    await page.WWebJS.editMessage(message, act.text, {});
    return null;
  }
  if (!capability.canSenderRevokeMsg(message)) return 'TOO_LATE';
  const chat = await page.WWebJS.getChat(address, { getAsModel: false });
  const list = { list: [message], type: 'message' };
  await page.require('WAWebCmd').Cmd.sendRevokeMsgs(chat, list, { clearMedia: true });
  return null;
};

/** Asks for the code that links a number without a QR. */
export const startPairing = async (digits: string): Promise<string> => {
  const page = window as unknown as WhatsAppWindow;
  const linking = page.require('WAWebAltDeviceLinkingApi');
  linking.setPairingType('ALT_DEVICE_LINKING');
  await linking.initializeAltDeviceLinking();
  return linking.startAltLinkingFlow(digits, true);
};
