import { type Answer } from '../http/exchange.js';
import { sendMarketing, sendMessage } from '../messages/send-message.js';
import { type Account, type App, type PhoneNumber } from '../state/directory.js';
import { type Media } from '../state/media-store.js';
import { type Template } from '../state/template-store.js';
import {
  createTemplate,
  deleteTemplates,
  editTemplate,
  listTemplates,
  readTemplate,
} from '../templates/template-routes.js';
import { listSubscribedApps, readAccount, subscribeApp, unsubscribeApp } from './accounts.js';
import { finishUpload, listSubscriptions, startUpload, subscribe, unsubscribe } from './apps.js';
import { blockUsers, listBlockedUsers, unblockUsers } from './blocked-users.js';
import { debugToken } from './debug-token.js';
import { unknownObject } from './graph-error.js';
import { type GraphRequest, type Routes } from './graph-request.js';
import { manage } from './management.js';
import { deleteMedia, describeMedia, uploadMedia } from './media.js';
import { changeNumber, deregisterNumber, listNumbers, readNumber, registerNumber } from './numbers.js';
import { type Place } from './places.js';
import { changeProfile, readProfile } from './profiles.js';

const NUMBER_ROUTES: Routes<PhoneNumber> = {
  'GET ': readNumber,
  'POST ': changeNumber,
  'POST messages': sendMessage,
  'POST marketing_messages': sendMarketing,
  'POST media': uploadMedia,
  'GET block_users': listBlockedUsers,
  'POST block_users': blockUsers,
  'DELETE block_users': unblockUsers,
  'POST register': registerNumber,
  'POST deregister': deregisterNumber,
  'GET whatsapp_business_profile': readProfile,
  'POST whatsapp_business_profile': changeProfile,
};

const ACCOUNT_ROUTES: Routes<Account> = {
  'GET ': readAccount,
  'GET phone_numbers': listNumbers,
  'GET message_templates': listTemplates,
  'POST message_templates': createTemplate,
  'DELETE message_templates': deleteTemplates,
  'GET subscribed_apps': listSubscribedApps,
  'POST subscribed_apps': subscribeApp,
  'DELETE subscribed_apps': unsubscribeApp,
};

const APP_ROUTES: Routes<App> = {
  'GET subscriptions': listSubscriptions,
  'POST subscriptions': subscribe,
  'DELETE subscriptions': unsubscribe,
  'POST uploads': startUpload,
};

const MEDIA_ROUTES: Routes<Media> = { 'GET ': describeMedia, 'DELETE ': deleteMedia };

const TEMPLATE_ROUTES: Routes<Template> = { 'GET ': readTemplate, 'POST ': editTemplate };

/** Finds the node among what the token may see, and its handler. */
export const handleNode = async (request: GraphRequest, { nodeId, edge }: Place): Promise<Answer> => {
  const { world, call, token } = request;
  const { numbers, accounts, apps } = world.directory;
  const route = `${call.method} ${edge}`;
  const number = numbers.get(nodeId);
  if (number?.account.app === token.app) return run(NUMBER_ROUTES, route, request, number);
  const account = accounts.get(nodeId);
  if (account?.app === token.app) return manage(world, account, () => run(ACCOUNT_ROUTES, route, request, account));
  if (apps.get(nodeId) === token.app) return run(APP_ROUTES, route, request, token.app);
  return handleContent(request, nodeId, route);
};

/** Templates, media, and what has no id of its own. */
const handleContent = async (request: GraphRequest, nodeId: string, route: string): Promise<Answer> => {
  const { world, call, token } = request;
  const template = world.templates.get(nodeId);
  if (template?.account.app === token.app) return run(TEMPLATE_ROUTES, route, request, template);
  const file = world.media.find(nodeId);
  if (file?.app === token.app) return run(MEDIA_ROUTES, route, request, file);
  if (nodeId === 'debug_token') return debugToken(request);
  if (nodeId.startsWith('upload:')) return finishUpload(request);
  throw unknownObject(call.method, nodeId);
};

const run = async <Node extends { readonly id: string }>(
  routes: Routes<Node>,
  route: string,
  request: GraphRequest,
  node: Node,
): Promise<Answer> => {
  const handler = Object.hasOwn(routes, route) ? routes[route] : undefined;
  if (handler === undefined) throw unknownObject(request.call.method, node.id);
  return handler(request, node);
};
