/** The page's connection to the service: opened, lost, opened again a little later each time. */
import { link, note, requeuePending } from '../link.js';
import { session } from '../session.js';
import { settings } from '../settings.js';
import { Socket } from '../socket.js';
import { sayHello, takeFrame } from './frames.js';

const FIRST_RETRY_MS = 250;
const MOST_DOUBLINGS = 5;

let isConnecting = false;

export function connect() {
  if (isConnecting || link.closed || session.conflictHold) return;
  if (link.socket && link.socket.readyState <= WebSocket.OPEN) return;
  isConnecting = true;
  const socket = new WebSocket(`wss://${location.host}/sim/ws`);
  link.socket = socket;
  socket.onopen = () => {
    isConnecting = false;
    sayHello();
  };
  socket.onmessage = ({ data }) => {
    Promise.resolve()
      .then(() => takeFrame(JSON.parse(data)))
      .catch((error) => note('page-error', String((error && error.stack) || error)));
  };
  socket.onclose = () => {
    isConnecting = false;
    link.ready = false;
    if (link.socket === socket) link.socket = null;
    requeuePending();
    if (!link.closed && !session.conflictHold) showLossAndRetry();
  };
}

function showLossAndRetry() {
  const isPaired = Boolean(session.device && session.device.secret);
  if (isPaired && Socket.state === 'CONNECTED') {
    setTimeout(() => {
      if (!link.socket && Socket.state === 'CONNECTED') Socket.set({ state: 'TIMEOUT' });
    }, settings.timeoutStateMs ?? 200);
  }
  const backoff = FIRST_RETRY_MS * 2 ** Math.min(MOST_DOUBLINGS, link.retries++);
  setTimeout(
    () => {
      const isLost = Socket.state === 'TIMEOUT' || Socket.state === 'CONNECTED';
      if (session.device && session.device.secret && isLost) Socket.set({ state: 'OPENING' });
      connect();
    },
    Math.min(settings.reconnectMaxMs ?? 1000, backoff),
  );
}
