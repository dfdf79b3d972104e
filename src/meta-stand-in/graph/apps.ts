import { recordOf, textOf } from '../base/json.js';
import { type Answer, answerJson } from '../http/exchange.js';
import { type App } from '../state/directory.js';
import { shakeHands } from '../webhooks/handshake.js';
import { GraphError, missing } from './graph-error.js';
import { bodyOf, type GraphRequest } from './graph-request.js';

/** `GET /{app-id}/subscriptions` (Graph API, Reference, "Application subscriptions"). */
export const listSubscriptions = (_request: GraphRequest, { callback }: App): Answer => {
  const subscription = { object: 'whatsapp_business_account', callback_url: callback?.url, active: true };
  return answerJson({ data: callback === undefined ? [] : [{ ...subscription, fields: [] }] });
};

/** A new callback proves itself before it is used. */
export const subscribe = async (request: GraphRequest, app: App): Promise<Answer> => {
  const { world, call } = request;
  const body = { ...Object.fromEntries(call.query), ...recordOf(bodyOf(request)) };
  const [url, verifyToken] = [textOf(body['callback_url']), textOf(body['verify_token'])];
  if (url === undefined) throw missing('callback_url');
  if (verifyToken === undefined) throw missing('verify_token');
  const { isVerified } = await shakeHands(world, { url, verifyToken });
  if (!isVerified) throw new GraphError({ code: 2200, status: 400, message: '(#2200) Callback verification failed' });
  app.callback = { url, verifyToken };
  return answerJson({ success: true });
};

export const unsubscribe = (_request: GraphRequest, app: App): Answer => {
  app.callback = undefined;
  return answerJson({ success: true });
};

/** `POST /{app-id}/uploads`: the beginning of a resumable upload ("Resumable Upload API"). */
export const startUpload = ({ world }: GraphRequest): Answer => answerJson({ id: `upload:${world.random.digits(16)}` });

/** `POST /upload:{id}` with the bytes: a handle for the header of a template. */
export const finishUpload = ({ world, call }: GraphRequest): Answer => {
  const type = Buffer.from(call.headers['content-type'] ?? '').toString('base64');
  return answerJson({ h: `4::${type}:${world.random.trace()}:e:${String(world.clock.seconds())}` });
};
