/** WhatsApp's models of the connection, which whatsapp-web.js watches: Socket, Stream and Conn. */
import { Model } from './base/model.js';
import { ask, link, note } from './link.js';
import { lifeCycle, session } from './session.js';

class SocketModel extends Model {
  constructor() {
    super({
      state: 'UNLAUNCHED',
      stream: 'DISCONNECTED',
      hasSynced: false,
      isIncognito: false,
      retryTimestamp: undefined,
    });
  }

  async logout() {
    await ask('logoutMe', {});
    await lifeCycle.logOut('user_initiated');
  }

  sendLogout() {
    return this.logout();
  }

  reconnect() {
    note('reconnect');
    if (link.socket) link.socket.close();
  }

  async takeover() {
    note('takeover');
    session.conflictHold = false;
    this.set({ state: 'OPENING' });
    lifeCycle.connect();
  }

  refreshQR() {
    return refreshQR();
  }

  close() {}

  poke() {}
}

class StreamModel extends Model {
  constructor() {
    super({ mode: 'QR', info: 'NORMAL', displayInfo: 'NORMAL', available: false });
  }

  markAvailable() {
    this.set({ available: true });
  }

  markUnavailable() {
    this.set({ available: false });
  }
}

class ConnModel extends Model {
  constructor() {
    super({
      ref: undefined,
      refTTL: undefined,
      pushname: undefined,
      platform: undefined,
      wid: undefined,
      battery: undefined,
      plugged: undefined,
      smbTos: 0,
      isResponse: false,
      is24h: true,
      connected: false,
    });
  }

  canSetMyPushname() {
    return true;
  }
}

export const Socket = new SocketModel();
export const Stream = new StreamModel();
export const Conn = new ConnModel();

/** Asks for a new series of QR references. */
export function refreshQR() {
  note('refreshQR');
  return ask('refreshQR', {});
}
