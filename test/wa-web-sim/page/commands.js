/** WhatsApp's Cmd: the bus for orders, on which log-out and the progress of syncing are announced too. */
import { Emitter } from './base/emitter.js';
import { nowSeconds } from './base/time.js';
import { serialized } from './base/ids.js';
import { collections } from './chats/collections.js';
import { applyRevoke } from './chats/message-changes.js';
import { act, ask } from './link.js';
import { session } from './session.js';
import { settings } from './settings.js';
import { refreshQR } from './socket.js';

class Commands extends Emitter {
  logout() {
    this.trigger('logout');
  }

  async openChatBottom(target) {
    act('openChatBottom', { chat: serialized((target.chat || target).id) });
    return true;
  }

  async openChatAt(target) {
    act('openChatAt', { chat: serialized((target.chat || target).id) });
    return true;
  }

  async openDrawerMid() {
    return true;
  }

  async chatSearch() {
    return true;
  }

  async msgInfoDrawer() {
    return true;
  }

  async archiveChat(chat, isArchived) {
    await act('archive', { chat: serialized(chat.id), v: isArchived });
    chat.set({ archive: isArchived });
  }

  async pinChat(chat, isPinned) {
    await act('pin', { chat: serialized(chat.id), v: isPinned });
    chat.set({ pin: isPinned ? nowSeconds() : 0 });
  }

  async markChatUnread(chat, isUnread) {
    await act('markUnread', { chat: serialized(chat.id), v: isUnread });
    chat.set({ unreadCount: isUnread ? -1 : 0 });
  }

  async sendRevokeMsgs(chat, list, options) {
    const clearMedia = !!(options && options.clearMedia);
    for (const msg of messagesIn(list)) {
      const isDone = await ask('revoke', { id: msg.id._serialized, chat: serialized(chat.id), clearMedia });
      if (isDone) applyRevoke(msg, session.me.pn, 'sender');
    }
    return true;
  }

  async sendDeleteMsgs(chat, list) {
    for (const msg of messagesIn(list)) {
      await act('deleteForMe', { id: msg.id._serialized });
      chat.msgs.remove(msg);
      collections.Msg.remove(msg);
    }
    return true;
  }

  async sendStarMsgs(chat, msgs) {
    for (const msg of msgs) {
      await act('star', { id: msg.id._serialized });
      msg.set({ star: true });
    }
  }

  async sendUnstarMsgs(chat, msgs) {
    for (const msg of msgs) {
      await act('unstar', { id: msg.id._serialized });
      msg.set({ star: false });
    }
  }
}

function messagesIn(list) {
  return Array.isArray(list) ? list : list.list;
}

export const Cmd = new Commands();

// WhatsApp has taken it away; a test can bring it back.
if (settings.cmdRefreshQR) Cmd.refreshQR = () => refreshQR();
