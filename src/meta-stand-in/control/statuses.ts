import { type Json, listOf, numberOf, recordOf, textOf } from '../base/json.js';
import { DEFAULT_SCRIPT, type StatusScript, type StatusStep } from '../webhooks/status-player.js';
import { type ControlHandler } from './control-call.js';
import { notThere, refuse } from './control-error.js';

const ORDERS: readonly string[] = ['given', 'reversed', 'shuffled'];

const readStep = (value: unknown): StatusStep => {
  const step = recordOf(value);
  const status = textOf(step['status']);
  if (status === undefined) throw refuse('Each step needs a status.');
  return {
    status,
    afterMs: numberOf(step['after_ms']) ?? 0,
    code: numberOf(step['code']),
    details: textOf(step['details']),
  };
};

const readOrder = (value: unknown): StatusScript['order'] => {
  const order = textOf(value) ?? 'given';
  if (!ORDERS.includes(order)) throw refuse(`order must be one of ${ORDERS.join(', ')}.`);
  return order as StatusScript['order'];
};

/** `PUT script`: what is told about the messages that are taken from now on; no steps: nothing. */
export const putScript: ControlHandler = ({ world, body }) => {
  const steps = body['steps'] === undefined ? DEFAULT_SCRIPT.steps : listOf(body['steps']).map(readStep);
  world.player.script = { steps, order: readOrder(body['order']), copies: numberOf(body['copies']) ?? 1 };
  return describe(world.player.script);
};

export const getScript: ControlHandler = ({ world }) => describe(world.player.script);

const describe = ({ steps, order, copies }: StatusScript): Json => ({
  steps: steps.map(({ afterMs, ...step }) => ({ ...step, after_ms: afterMs })),
  order,
  copies,
});

/** `POST statuses`: one status now, of every message that is named by id or opaque id. */
export const tellStatus: ControlHandler = ({ world, body }) => {
  const [id, opaque] = [textOf(body['id']), textOf(body['opaque'])];
  if (id === undefined && opaque === undefined) throw refuse('id or opaque names the message.');
  const messages = world.sent.find({ id, opaque });
  if (messages.length === 0) throw notThere('message', id ?? opaque ?? '');
  const seconds = numberOf(body['timestamp']);
  for (const message of messages) world.player.tell(message, readStep(body), seconds);
  return { told: messages.length };
};
