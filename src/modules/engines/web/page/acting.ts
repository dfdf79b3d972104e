import type { PageTarget } from './sending-content.js';
import type { HandOver } from './sending.js';
import type { PageMessage, WhatsAppWindow } from './whatsapp-window.js';

// Every function here runs in the page: it is sent there as text, so it may use nothing from outside itself.

export type PageAct =
  | { readonly type: 'reaction'; readonly emoji: string }
  | { readonly type: 'edit'; readonly text: string }
  | { readonly type: 'revoke' };

/** The whole id of a message that is pointed at, as the page has it now; null when WhatsApp knows it no more. */
export const findTarget = async ({ id, isOurs, chat }: PageTarget): Promise<string | null> => {
  const page = window as unknown as WhatsAppWindow;
  const { Msg } = page.require('WAWebCollections');
  const loaded = Msg.getModelsArray().find((one) => one.id._serialized === id || (isOurs && one.id.id === id));
  if (loaded) return loaded.id._serialized;
  const me = page.require('WAWebUserPrefsMeUser');
  // In a group the author is part of the id.
  const authors = ['', ...[me.getMaybeMePnUser(), me.getMaybeMeLidUser()].map((wid) => `_${wid?._serialized ?? ''}`)];
  const ids = isOurs ? authors.map((author) => `true_${chat}_${id}${author}`) : [id];
  return (await Msg.getMessagesById(ids))?.messages[0]?.id._serialized ?? null;
};

/** Reacts to, edits or revokes a message; true when the page shows it done, a word for what stands against it. */
export const actOnMessage = async (address: string, id: string, act: PageAct): Promise<'TOO_LATE' | boolean> => {
  const page = window as unknown as WhatsAppWindow;
  const message = page.require('WAWebCollections').Msg.get(id);
  if (!message || !page.WWebJS) return false;
  const isDone = async (test: (now: PageMessage) => boolean): Promise<boolean> => {
    for (let looks = 0; looks < 40 && !test(message); looks += 1) await new Promise((done) => setTimeout(done, 50));
    return test(message);
  };
  if (act.type === 'reaction') {
    await page.require('WAWebSendReactionMsgAction').sendReactionToMsg(message, act.emoji);
    return true;
  }
  const capability = page.require('WAWebMsgActionCapability');
  if (act.type === 'edit') {
    if (!capability.canEditText(message)) return 'TOO_LATE';
    await page.WWebJS.editMessage(message, act.text, {});
    return isDone(({ body, caption }) => body === act.text || caption === act.text);
  }
  if (!capability.canSenderRevokeMsg(message)) return 'TOO_LATE';
  const chat = await page.WWebJS.getChat(address, { getAsModel: false });
  const list = { list: [message], type: 'message' };
  await page.require('WAWebCmd').Cmd.sendRevokeMsgs(chat, list, { clearMedia: true });
  return isDone(({ type }) => type === 'revoked');
};

/** Forwards a message. WhatsApp makes the new one itself: under our id where it asks for one as the library does. */
export const forwardMessage = async (address: string, targetId: string, id: string): Promise<HandOver> => {
  const page = window as unknown as WhatsAppWindow;
  const { Msg } = page.require('WAWebCollections');
  const keys = page.require('WAWebMsgKey');
  const isNew = (before: ReadonlySet<string>, { id: key }: PageMessage): boolean =>
    key.fromMe && key.remote._serialized === address && !before.has(key.id);
  const before = new Set(Msg.getModelsArray().map((message) => message.id.id));
  const original = keys.newId;
  keys.newId = () => {
    keys.newId = original;
    return Promise.resolve(id);
  };
  let trouble = 'The page has been loaded anew.';
  try {
    await page.WWebJS?.forwardMessage(address, targetId);
  } catch (error) {
    trouble = error instanceof Error ? error.message : String(error);
  } finally {
    keys.newId = original;
  }
  const messages = Msg.getModelsArray().filter((message) => isNew(before, message));
  const made = messages.find((message) => message.id.id === id) ?? messages.at(-1);
  return made ? { id: made.id.id, ack: made.ack ?? 0 } : { notHandedOver: trouble };
};
