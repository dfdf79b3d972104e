import { setTimeout as sleep } from 'node:timers/promises';

import { isRecord, type Json, present, recordOf, textOf } from '../base/json.js';
import { makeWamid } from '../base/wamid.js';
import { GraphError, invalid, missing } from '../graph/graph-error.js';
import { bodyOf, type GraphRequest, requireScope } from '../graph/graph-request.js';
import { type Answer, answerJson } from '../http/exchange.js';
import { type PhoneNumber, SENDING_STATUSES } from '../state/directory.js';
import { type SentMessage } from '../state/sent-log.js';
import { type World } from '../state/world.js';
import { checkParameters } from '../templates/parameters.js';
import { findForSending } from '../templates/template-routes.js';
import { checkContent } from './content.js';
import { type Failure, findFailure } from './failures.js';
import { type Recipient, readRecipient } from './recipient.js';

const MAX_OPAQUE = 512;
const SERVICE = 'service';

/** `POST /{phone-number-id}/messages` (Cloud API, Reference, "Messages"). */
export const sendMessage = async (request: GraphRequest, number: PhoneNumber): Promise<Answer> => {
  requireScope(request, 'messaging');
  const body = bodyOf(request);
  const { world } = request;
  if (body['messaging_product'] !== 'whatsapp') throw missing('messaging_product');
  if (body['status'] !== undefined) return markAsRead(world, number, body);
  requireRegistration(number);
  const type = textOf(body['type']) ?? 'text';
  checkFrame(body);
  checkContent(body, type);
  const recipient = readRecipient(world, number, body);
  const category = type === 'template' ? checkTemplateMessage(request, number, body, recipient) : SERVICE;
  takeFromLimits(world, number, recipient);
  const message = take(world, number, { body, type, recipient, category });
  const failure = await findFailure({ request, message, recipient });
  playStatuses(world, message, failure);
  if (world.behaviour.answerDelayMs > 0) await sleep(world.behaviour.answerDelayMs, undefined, { ref: false });
  return answerJson(acceptance(recipient, message));
};

/** `POST /{phone-number-id}/marketing_messages` takes marketing templates alone ("Marketing Messages API"). */
export const sendMarketing = (request: GraphRequest, number: PhoneNumber): Promise<Answer> => {
  const body = bodyOf(request);
  if (body['type'] !== 'template')
    throw new GraphError({ code: 131055, details: 'Only marketing templates are taken.' });
  const template = findForSending(request, number.account, recordOf(body['template']));
  if (template.category !== 'MARKETING') throw new GraphError({ code: 134100 });
  return sendMessage(request, number);
};

/** Also marks what came before it; the typing indicator needs the same call ("Mark messages as read"). */
const markAsRead = (world: World, number: PhoneNumber, body: Json): Answer => {
  const messageId = textOf(body['message_id']);
  if (body['status'] !== 'read') throw invalid('status must be read');
  if (!messageId) throw missing('message_id');
  const typing = body['typing_indicator'];
  if (typing !== undefined && recordOf(typing)['type'] !== 'text')
    throw invalid("typing_indicator['type'] must be text");
  world.readMarks.add({ phoneNumberId: number.id, messageId, isTyping: typing !== undefined });
  return answerJson({ success: true });
};

const requireRegistration = ({ status }: PhoneNumber): void => {
  if (SENDING_STATUSES.includes(status)) return;
  throw new GraphError({ code: status === 'BANNED' ? 131031 : 133010 });
};

const checkFrame = (body: Json): void => {
  const opaque = body['biz_opaque_callback_data'];
  if (opaque !== undefined && (typeof opaque !== 'string' || opaque.length > MAX_OPAQUE)) {
    throw invalid(`biz_opaque_callback_data must be a string of at most ${String(MAX_OPAQUE)} characters.`);
  }
  const context = body['context'];
  if (context !== undefined && (!isRecord(context) || !textOf(context['message_id']))) {
    throw missing("context['message_id']");
  }
};

const takeFromLimits = ({ limits }: World, { id }: PhoneNumber, { person }: Recipient): void => {
  if (!limits.takeThroughput(id)) {
    throw new GraphError({ code: 130429, subcode: 2494055, details: 'Cloud API message throughput has been reached.' });
  }
  if (!limits.takePair(id, person.waId)) {
    throw new GraphError({ code: 131056, details: 'Too many messages to the same recipient in a short time.' });
  }
};

/** Answers with the category by which it is charged. */
const checkTemplateMessage = (
  request: GraphRequest,
  { account }: PhoneNumber,
  body: Json,
  { isUserId }: Recipient,
): string => {
  const content = recordOf(body['template']);
  const template = findForSending(request, account, content);
  if (template.category === 'AUTHENTICATION' && isUserId) throw new GraphError({ code: 131062 });
  checkParameters(template, content);
  return template.category.toLowerCase();
};

interface Taking {
  readonly body: Json;
  readonly type: string;
  readonly recipient: Recipient;
  readonly category: string;
}

const take = (world: World, number: PhoneNumber, { body, type, recipient, category }: Taking): SentMessage => {
  const { person, input, isUserId } = recipient;
  const message: SentMessage = {
    id: makeWamid(world.random, person.waId, 'outbound'),
    number,
    person,
    to: input,
    isToUserId: isUserId,
    type,
    category,
    opaque: textOf(body['biz_opaque_callback_data']),
    takenMs: world.clock.nowMs(),
    wasWindowOpen: world.windows.isOpen(number.id, person.waId),
    isFreeEntry: world.windows.isEntered(number.id, person.waId),
    request: body,
    statuses: [],
  };
  world.sent.add(message);
  return message;
};

const playStatuses = ({ player }: World, message: SentMessage, failure: Failure | undefined): void => {
  const { script } = player;
  if (failure === undefined) {
    player.play(message, script);
    return;
  }
  const [first] = script.steps;
  const steps = [{ status: 'failed', afterMs: first?.afterMs ?? 0, ...failure }];
  player.play(message, { ...script, steps });
};

const acceptance = ({ input, person, isUserId }: Recipient, { id, type }: SentMessage): Json => ({
  messaging_product: 'whatsapp',
  contacts: [
    present({ input, wa_id: isUserId ? undefined : person.waId, user_id: isUserId ? person.userId : undefined }),
  ],
  messages: [present({ id, message_status: type === 'template' ? 'accepted' : undefined })],
});
