import type { HandOver } from './sending.js';
import type { PageChat, PageMessage, PageMessageKey, PageSendOptions, WhatsAppWindow } from './whatsapp-window.js';

// Every function here runs in the page: it is sent there as text, so it may use nothing from outside itself.

/** What is handed over beside a plain text; everything in it survives the way into the page. */
export interface PageContent {
  readonly body: string;
  readonly options: PageSendOptions;
  /** Written into the message as it is, whatever the library makes of the rest. */
  readonly extra: object;
  readonly quotedMessageId: string | null;
  /** A file that was put into the page. */
  readonly file: { readonly key: string; readonly mimetype: string; readonly name: string } | null;
}

/** A message that is pointed at; its chat by the address under which WhatsApp has it. */
export interface PageTarget {
  readonly id: string;
  readonly isOurs: boolean;
  readonly chat: string;
}

/** What WhatsApp shows of the link in a text; nothing when it takes too long over it. */
export const findPreview = async (text: string, timeoutMs: number): Promise<object> => {
  const page = window as unknown as WhatsAppWindow;
  const link = page.require('WALinkify').findLink(text);
  if (link === undefined) return {};
  const late = new Promise<null>((resolve) => setTimeout(resolve, timeoutMs, null));
  const asked = page.require('WAWebLinkPreviewChatAction').getLinkPreview(link);
  const found = await Promise.race([asked.catch(() => null), late]);
  return found?.data ? { ...found.data, preview: true, subtype: 'url' } : {};
};

/** Hands a message to WhatsApp under the given id. An error is told apart: before the message was in the page, or after. */
export const handOverContent = async (address: string, content: PageContent, id: string): Promise<HandOver> => {
  const page = window as unknown as WhatsAppWindow;
  const { Msg } = page.require('WAWebCollections');
  const Key = page.require('WAWebMsgKey');
  const fileOf = ({ key, mimetype, name }: NonNullable<PageContent['file']>): PageSendOptions => {
    const pieces = page.waypost?.files?.[key];
    if (!pieces || !page.WWebJS) throw new Error('The page has been loaded anew.');
    return { media: { mimetype, file: new File(pieces, name, { type: mimetype }) } };
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
    const { quotedMessageId } = content;
    // Spread over the message last of all, so that it is ours whatever the library has made up before.
    const key = keyIn(chat);
    const options = {
      ...content.options,
      ...(content.file !== null && fileOf(content.file)),
      ...(quotedMessageId !== null && { quotedMessageId }),
      extraOptions: { id: key, ...content.extra },
    };
    const library = page.WWebJS;
    const original = library.mediaInfoToFile;
    // The library asks for the file before it first waits.
    library.mediaInfoToFile = (media) => media.file ?? original(media);
    let sending;
    try {
      sending = library.sendMessage(chat, content.body, options);
    } finally {
      library.mediaInfoToFile = original;
    }
    const message = await sending;
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
