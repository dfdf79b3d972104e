/** What a test orders the page to do or to suffer. */
import { note } from '../link.js';
import { session } from '../session.js';
import { settings } from '../settings.js';
import { Socket } from '../socket.js';

export const disturbances = {
  conflict() {
    session.conflictHold = true;
    Socket.set({ state: 'CONFLICT' });
  },

  state({ state }) {
    Socket.set({ state });
  },

  resync() {
    Socket.set({ hasSynced: false });
    Socket.set({ hasSynced: true });
  },

  reload() {
    location.reload();
  },

  pushstate() {
    history.pushState({}, '', `/?x=${Date.now()}`);
  },

  hang({ ms }) {
    const end = Date.now() + ms;
    while (Date.now() < end);
  },

  oom() {
    const hoard = [];
    for (;;) hoard.push(new Array(1e6).fill(Math.random()));
  },

  cfg({ cfg }) {
    Object.assign(settings, cfg);
  },

  eval({ js }) {
    let result;
    try {
      // Called by another name, eval runs in the page's global scope, where a test expects to be.
      const evaluate = eval;
      result = String(evaluate(js));
    } catch (error) {
      result = `ERR ${error}`;
    }
    note('eval', result);
  },
};
