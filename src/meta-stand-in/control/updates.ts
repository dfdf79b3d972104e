import { isRecord, type Json, numberOf, recordOf, textOf } from '../base/json.js';
import { type Callback } from '../state/directory.js';
import { type World } from '../state/world.js';
import { shakeHands } from '../webhooks/handshake.js';
import { messagesValue } from '../webhooks/values.js';
import { signatureOf, writeNotification } from '../webhooks/signature.js';
import { type ControlHandler } from './control-call.js';
import { refuse } from './control-error.js';
import { exampleOf } from './update-examples.js';
import { pickAccount, pickApp, pickNumber } from './lookup.js';

/** `POST updates`: one value of any field, an example without one, in the usual frame, batched and sent again like all others. */
export const tellUpdate: ControlHandler = ({ world, body }) => {
  const field = textOf(body['field']);
  if (field === undefined) throw refuse('field is needed.');
  const number = body['phone_number_id'] === undefined ? undefined : pickNumber(world, body['phone_number_id']);
  const account = number?.account ?? pickAccount(world, body['account_id']);
  const value = valueOf(world, body, field);
  const seconds = numberOf(body['timestamp']) ?? world.clock.seconds();
  for (let copy = 0; copy < (numberOf(body['copies']) ?? 1); copy += 1) {
    world.sender.tell({ account, number, field, value, seconds });
  }
  return { success: true };
};

const valueOf = (world: World, body: Json, field: string): Json => {
  const number = pickNumber(world, body['phone_number_id']);
  const given = body['value'];
  if (isRecord(given)) {
    return field === 'messages' && given['metadata'] === undefined ? messagesValue(number, given) : given;
  }
  const example = exampleOf(field, number, world);
  if (example === undefined) throw refuse(`A value for ${field} is needed.`);
  return example;
};

/** `POST raw`: a whole body, or any bytes, with the right signature, a wrong one or none. */
export const tellRaw: ControlHandler = ({ world, body }) => {
  const app = pickApp(world, body['app_id']);
  const callback = callbackOf(world, body['app_id'], body['url']);
  const bytes =
    textOf(body['base64']) === undefined
      ? writeNotification(body['body'] ?? null, world.behaviour.webhook.isEscaped)
      : Buffer.from(textOf(body['base64']) ?? '', 'base64');
  const signature = textOf(body['signature']) ?? 'right';
  const signatures = new Map([
    ['right', signatureOf(bytes, app.secret)],
    ['wrong', signatureOf(bytes, `${app.secret}?`)],
    ['none', undefined],
  ]);
  if (!signatures.has(signature)) throw refuse('signature must be right, wrong or none.');
  world.sender.tellRaw(callback, bytes, signatures.get(signature));
  return { success: true };
};

const callbackOf = (world: World, appId: unknown, url: unknown): Callback => {
  const { callback } = pickApp(world, appId);
  const own = textOf(url);
  if (own !== undefined) return { url: own, verifyToken: callback?.verifyToken ?? '' };
  if (callback === undefined) throw refuse('The app has no webhook.');
  return callback;
};

/** `POST handshake`: asks the webhook to prove itself, now. */
export const verify: ControlHandler = ({ world, body }) => {
  const callback = callbackOf(world, body['app_id'], body['url']);
  const verifyToken = textOf(body['verify_token']) ?? callback.verifyToken;
  return shakeHands(world, { url: callback.url, verifyToken }, textOf(body['challenge']));
};

/** `PUT apps/{id}`: where its notifications go from now on, and which of its accounts are subscribed. */
export const changeApp: ControlHandler = ({ world, id, body }) => {
  const app = pickApp(world, id);
  const url = textOf(body['webhook_url']);
  const verifyToken = textOf(body['verify_token']) ?? app.callback?.verifyToken ?? 'stand-in-verify-token';
  if (url !== undefined) app.callback = url === '' ? undefined : { url, verifyToken };
  return { id: app.id, webhook_url: recordOf(app.callback)['url'] ?? null };
};
