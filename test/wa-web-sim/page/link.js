/** The page's line to the service: frames, calls with answers, and what waits while there is no network. */

/** Lost together with the connection; everything else is asked again after a reconnect, like unsent messages. */
const NOT_REPEATED = new Set([
  'action',
  'seen',
  'createGroup',
  'groupSet',
  'groupParts',
  'joinInvite',
  'pairCode',
  'refreshQR',
]);

export const link = {
  socket: null,
  /** Calls may go out: the page is logged in, or shows a QR. */
  ready: false,
  /** For ever: the page has been logged out. */
  closed: false,
  retries: 0,
  lastCall: 0,
  pending: new Map(),
  queue: [],
};

export class ServerStatusCodeError extends Error {
  constructor(status, message) {
    super(message || `ServerStatusCodeError: ${status}`);
    this.name = 'ServerStatusCodeError';
    this.status = status;
  }
}

export function sendFrame(frame) {
  if (!link.socket || link.socket.readyState !== WebSocket.OPEN) return false;
  link.socket.send(JSON.stringify(frame));
  return true;
}

/** Asks the service; without network the question waits. */
export function ask(method, parameters) {
  return new Promise((resolve, reject) => {
    const id = ++link.lastCall;
    link.pending.set(id, { resolve, reject, method, parameters });
    if (!link.ready || !sendCall(id)) link.queue.push(id);
  });
}

/** Asks again what waited, and what was under way when the connection broke. */
export function flushQueue() {
  for (const id of link.queue.splice(0)) if (link.pending.has(id)) sendCall(id);
}

export function takeAnswer({ id, r, err, status }) {
  const call = link.pending.get(id);
  if (!call) return;
  link.pending.delete(id);
  if (!err) call.resolve(r);
  else call.reject(Object.assign(new Error(err), status ? { status, name: 'ServerStatusCodeError' } : {}));
}

export function requeuePending() {
  for (const [id, call] of [...link.pending]) {
    if (link.queue.includes(id)) continue;
    if (NOT_REPEATED.has(call.method)) {
      link.pending.delete(id);
      call.reject(new Error('connection lost'));
    } else {
      link.queue.push(id);
    }
  }
}

/** Tells the service what the page did; nobody waits for it to arrive. */
export function act(name, args) {
  return ask('action', { name, args }).catch(() => {});
}

/** Tells the tests something about the page itself. */
export function note(kind, data) {
  sendFrame({ t: 'note', kind, data });
}

/** A place where a test may have ordered a failure. Without network, local work goes on. */
export function faultPoint(op) {
  return link.ready ? ask('fault', { op }) : Promise.resolve(true);
}

function sendCall(id) {
  const { method, parameters } = link.pending.get(id);
  return sendFrame({ t: 'rpc', id, m: method, p: parameters });
}
