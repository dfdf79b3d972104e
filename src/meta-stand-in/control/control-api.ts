import { setTimeout as sleep } from 'node:timers/promises';

import { GraphError } from '../graph/graph-error.js';
import { type Answer, answerJson, type Call, readJson } from '../http/exchange.js';
import { resetWorld, type World } from '../state/world.js';
import { getBehaviour, putBehaviour } from './behaviour.js';
import { type ControlHandler, type ControlRoutes } from './control-call.js';
import { ControlError, refuse } from './control-error.js';
import { addFault, listFaults, removeFaults } from './faults.js';
import { receive } from './inbound.js';
import { listCalls, listDeliveries, listReads } from './records.js';
import { countArrivals, listSent } from './sent.js';
import { getScript, putScript, tellStatus } from './statuses.js';
import {
  advanceClock,
  allowRecipients,
  changeAccount,
  changeContact,
  changeNumberState,
  changeToken,
  decideTemplate,
  putTemplate,
} from './things.js';
import { changeApp, tellRaw, tellUpdate, verify } from './updates.js';

const PREFIX = '/_control/';
const LOCAL = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const POLL_MS = 5;
const DEFAULT_PATIENCE_MS = 10_000;

const reset: ControlHandler = ({ world }) => {
  resetWorld(world);
  return { success: true };
};

/** `GET idle`: waits until nothing is on its way any more: no status, no notification, no retry. */
const idle: ControlHandler = async ({ world, query }) => {
  const deadline = Date.now() + Number(query.get('timeout_ms') ?? DEFAULT_PATIENCE_MS);
  const count = (): number => world.sender.count().waiting + world.player.pending + world.timers.pending;
  while (count() > 0 && Date.now() < deadline) await sleep(POLL_MS);
  return { idle: count() === 0, waiting: count() };
};

const ROUTES: ControlRoutes = {
  'GET health': () => ({ status: 'ok' }),
  'POST reset': reset,
  'GET idle': idle,
  'GET behaviour': getBehaviour,
  'PUT behaviour': putBehaviour,
  'GET faults': listFaults,
  'POST faults': addFault,
  'DELETE faults': removeFaults,
  'GET script': getScript,
  'PUT script': putScript,
  'POST statuses': tellStatus,
  'POST inbound': receive,
  'POST updates': tellUpdate,
  'POST raw': tellRaw,
  'POST handshake': verify,
  'GET sent': listSent,
  'GET arrivals': countArrivals,
  'GET calls': listCalls,
  'GET reads': listReads,
  'GET deliveries': listDeliveries,
  'PUT apps': changeApp,
  'PUT accounts': changeAccount,
  'PUT numbers': changeNumberState,
  'PUT contacts': changeContact,
  'POST templates': putTemplate,
  'PUT templates': decideTemplate,
  'PUT tokens': changeToken,
  'PUT allowed-recipients': allowRecipients,
  'POST clock': advanceClock,
};

export const isControlPath = (path: string): boolean => path.startsWith(PREFIX);

/** The part of the stand-in that Meta does not have. It is meant for the machine it runs on. */
export const answerControl = async (world: World, call: Call): Promise<Answer> => {
  try {
    if (world.options.isControlLocal && !LOCAL.has(call.remoteAddress)) {
      throw new ControlError(403, 'The control API is for this machine only.');
    }
    return answerJson(await run(world, call));
  } catch (error) {
    if (error instanceof ControlError) return answerJson({ error: error.message }, error.status);
    if (error instanceof GraphError) return answerJson(error.body(''), error.status);
    throw error;
  }
};

const run = (world: World, call: Call): unknown => {
  const [name = '', id = ''] = call.path.slice(PREFIX.length).split('/');
  const route = `${call.method} ${name}`;
  const handler = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
  if (handler === undefined)
    throw new ControlError(404, `There is no ${route}. There is: ${Object.keys(ROUTES).join(', ')}.`);
  const body = readJson(call);
  if (typeof body === 'string') throw refuse('The body must be a JSON object.');
  return handler({ world, id: decodeURIComponent(id), query: call.query, body });
};
