/** What the page does with each frame that the service sends. */
import { createWid } from '../base/ids.js';
import { Model } from '../base/model.js';
import { sleep } from '../base/time.js';
import { takeGroup } from '../chats/finding.js';
import { collections } from '../chats/collections.js';
import { applyEdit, applyRevoke } from '../chats/message-changes.js';
import { applyReaction } from '../chats/reactions.js';
import { deviceStore } from '../device-store.js';
import { flushQueue, link, sendFrame, takeAnswer } from '../link.js';
import { callCollection } from '../modules/calls.js';
import { session } from '../session.js';
import { settings } from '../settings.js';
import { Conn, Socket } from '../socket.js';
import { disturbances } from './disturbances.js';
import { enter, takeAndConfirm } from './login.js';
import { logOut } from './logout.js';

const pairing = {
  welcome({ paired }) {
    link.retries = 0;
    if (paired) return;
    link.ready = true;
    flushQueue();
  },

  ref({ ref, ttl }) {
    Conn.set({ ref, refTTL: ttl });
    const shown = document.getElementById('qr');
    if (shown) shown.setAttribute('data-ref', ref);
    if (Socket.state !== 'UNPAIRED') Socket.set({ state: 'UNPAIRED' });
  },

  idle() {
    if (settings.stuck !== 'noidle') Socket.set({ state: 'UNPAIRED_IDLE' });
  },

  async 'pair-success'({ secret, phone }) {
    Socket.set({ state: 'PAIRING' });
    await sleep(settings.pairingMs ?? 200);
    session.device = { ...session.device, secret, phone };
    await deviceStore.save(session.device);
    link.ready = false;
    if (settings.reloadAfterPair) {
      location.reload();
      return;
    }
    Socket.set({ state: 'OPENING' });
    sayHello({ resume: true });
  },

  async 'login-ok'(account) {
    link.retries = 0;
    if (Socket.state !== 'OPENING') Socket.set({ state: 'OPENING' });
    await sleep(settings.openingMs ?? 150);
    await enter(account);
  },

  async 'logged-out'({ reason, mode }) {
    await logOut(reason, mode);
  },
};

const messages = {
  message({ msg }) {
    takeAndConfirm(msg);
  },

  ack({ id, ack, force }) {
    const msg = collections.Msg.get(id);
    if (msg && (ack < 0 || ack > (msg.ack || 0) || force)) msg.set({ ack });
  },

  revoke({ id, by }) {
    const msg = collections.Msg.get(id);
    if (msg) applyRevoke(msg, createWid(by), 'sender');
  },

  edit({ id, body, at }) {
    const msg = collections.Msg.get(id);
    if (msg) applyEdit(msg, body, at);
  },

  async reaction({ r }) {
    await applyReaction(r);
  },

  call({ call }) {
    const received = { ...call, peerJid: createWid(call.peerJid) };
    collections.Call.add(new Model(received));
    callCollection._callMap.set(call.id, received);
  },

  group({ group }) {
    takeGroup(group);
  },
};

const handlers = { ...pairing, ...messages, ...disturbances, res: takeAnswer };

export async function takeFrame(frame) {
  const handler = handlers[frame.t];
  if (handler) await handler(frame);
}

/** Tells the service which device this is; `resume` on a connection that has paired it a moment ago. */
export function sayHello(extra = {}) {
  sendFrame({ t: 'hello', device: session.device, ua: navigator.userAgent, url: location.href, ...extra });
}
