/** From the service's welcome to a page that has everything: CONNECTED first, hasSynced last. */
import { createWid } from '../base/ids.js';
import { sleep } from '../base/time.js';
import { Cmd } from '../commands.js';
import { ensureChat, takeGroup } from '../chats/finding.js';
import { collections } from '../chats/collections.js';
import { learnLid } from '../chats/lids.js';
import { takeMessage } from '../chats/message-records.js';
import { flushQueue, link, sendFrame } from '../link.js';
import { session } from '../session.js';
import { settings } from '../settings.js';
import { Conn, Socket, Stream } from '../socket.js';

export async function enter(account) {
  recogniseMe(account);
  Conn.set({
    pushname: account.pushname,
    platform: account.platform,
    wid: session.me.pn,
    phone: account.phoneInfo || {},
    ...(settings.clearRefOnLogin ? { ref: undefined } : {}),
    connected: true,
  });
  Stream.set({ mode: 'MAIN' });
  if (settings.stuck === 'opening') return;
  Socket.set({ state: 'CONNECTED', stream: 'CONNECTED' });
  link.ready = true;
  flushQueue();
  if (session.hasSyncedOnce) takeOffline(account.offline);
  else await synchronise(account);
}

export function takeAndConfirm(record) {
  takeMessage(record);
  sendFrame({ t: 'delivered', id: record.id });
}

function recogniseMe({ wid, lid, pushname }) {
  session.me = { pn: createWid(wid), lid: lid ? createWid(lid) : undefined, pushname };
  learnLid(wid, lid);
  collections.Contact.gadd(session.me.pn, { silent: true }).set({ pushname });
}

async function synchronise(account) {
  for (const group of account.groups || []) takeGroup(group);
  for (const contact of account.contacts || []) takeContact(contact);
  for (const id of account.chats || []) ensureChat(createWid(id));
  for (const record of account.history || []) takeMessage(record, { history: true });
  for (const [id, count] of Object.entries(account.unread || {})) {
    const chat = collections.Chat.get(id);
    if (chat) chat.attributes.unreadCount = count;
  }
  await showProgress((step) => {
    if (step === 1 && settings.offlineDelivery !== 'after-sync') takeOffline(account.offline);
  });
  if (settings.stuck === 'sync') return;
  Socket.set({ hasSynced: true });
  session.hasSyncedOnce = true;
  sendFrame({ t: 'synced' });
  if (settings.offlineDelivery === 'after-sync') {
    await sleep(settings.offlineAfterMs ?? 300);
    takeOffline(account.offline);
  }
}

async function showProgress(afterStep) {
  const total = settings.syncDelayMs ?? 500;
  const steps = settings.syncSteps ?? 4;
  for (let step = 1; step <= steps; step++) {
    await sleep(total / steps);
    session.offlinePercent = Math.round((100 * step) / steps);
    Cmd.trigger('offline_progress_update_from_bridge');
    afterStep(step);
  }
}

function takeOffline(records = []) {
  for (const record of records) takeAndConfirm(record);
}

function takeContact({ id, name, pushname, isBusiness, phoneNumber, lid }) {
  const contact = collections.Contact.gadd(createWid(id), { silent: true });
  contact.set({
    name,
    pushname,
    isBusiness: !!isBusiness,
    isAddressBookContact: name ? 1 : 0,
    ...(phoneNumber ? { phoneNumber: createWid(phoneNumber) } : {}),
  });
  if (lid) learnLid(id, lid);
}
