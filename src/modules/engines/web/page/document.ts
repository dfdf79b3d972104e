import type { WhatsAppWindow } from './whatsapp-window.js';

// Every function here runs in the page: it is sent there as text, so it may use nothing from outside itself.

/** True for the first caller in this document: navigations within it must not inject twice. */
export const claimDocument = (): boolean => {
  const page = window as unknown as WhatsAppWindow;
  if (page.waypost) return false;
  page.waypost = { listening: 'not', isReadyTold: false };
  return true;
};

/** Listens to what the library does not tell, and tells it what it missed by listening too late. */
export const adoptDocument = (): string => {
  const page = window as unknown as WhatsAppWindow;
  const { Socket } = page.require('WAWebSocketModel');
  const report = (kind: 'state' | 'logout', value: string): void => {
    void page.waypostReport?.(kind, value).catch(() => undefined);
  };
  Socket.on('change:state', (_model, state) => {
    report('state', state);
  });
  page.require('WAWebCmd').Cmd.on('logout', () => {
    report('logout', '');
  });
  // Without this a page that has synced before the library listens never becomes ready.
  if (Socket.hasSynced) void page.onAppStateHasSyncedEvent?.().catch(() => undefined);
  return Socket.state;
};

/** True for the first caller in this document: the library may come here twice at once. */
export const claimListeners = (): boolean => {
  const notes = (window as unknown as WhatsAppWindow).waypost;
  if (notes?.listening !== 'not') return false;
  notes.listening = 'attaching';
  return true;
};

export const noteListenersAttached = (): void => {
  const notes = (window as unknown as WhatsAppWindow).waypost;
  if (notes) notes.listening = 'attached';
};

/** The linked number, once per document and not before messages are listened for; else null. */
export const readLinkedNumber = (): { user: string; name: string | null } | null => {
  const page = window as unknown as WhatsAppWindow;
  const notes = page.waypost;
  const me = page.require('WAWebUserPrefsMeUser').getMaybeMePnUser();
  if (notes?.listening !== 'attached' || notes.isReadyTold || !me) return null;
  notes.isReadyTold = true;
  return { user: me.user, name: page.require('WAWebConnModel').Conn.pushname ?? null };
};

/** Asks WhatsApp for new QR references, also when the last are used up; gives the state that was found. */
export const renewQrReferences = async (): Promise<string> => {
  const page = window as unknown as WhatsAppWindow;
  const { state } = page.require('WAWebSocketModel').Socket;
  if (state.startsWith('UNPAIRED')) await page.require('WAWebLaunchSocketUtils').refreshQR();
  return state;
};

/** Unlinks this device at WhatsApp. */
export const unlink = async (): Promise<void> => {
  await (window as unknown as WhatsAppWindow).require('WAWebSocketModel').Socket.logout();
};
