import { sleep } from '../base/time.js';
import { Cmd } from '../commands.js';
import { deviceStore } from '../device-store.js';
import { link } from '../link.js';
import { session } from '../session.js';
import { settings } from '../settings.js';
import { Socket } from '../socket.js';

/** The device is no longer linked: the profile is emptied and, unless told otherwise, the page starts over. */
export async function logOut(reason, mode) {
  if (session.loggedOut) return;
  session.loggedOut = true;
  await deviceStore.clear();
  if (mode === 'unpaired') {
    Socket.set({ state: 'UNPAIRED' });
    return;
  }
  const way = mode || settings.logoutMode || 'navigate';
  Cmd.trigger('logout');
  if (reason !== 'user_initiated') Cmd.trigger('logout_from_bridge');
  if (way === 'unpaired+navigate') Socket.set({ state: 'UNPAIRED' });
  await sleep(settings.logoutNavigateDelayMs ?? 200);
  link.closed = true;
  const why = encodeURIComponent(reason || 'phone_initiated');
  if (way !== 'stay') location.assign(`/?post_logout=1&logout_reason=${why}`);
}
