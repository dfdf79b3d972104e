import { type Json, recordsOf, textOf } from '../base/json.js';
import { type Answer, answerJson } from '../http/exchange.js';
import { type PhoneNumber } from '../state/directory.js';
import { type Person } from '../state/people.js';
import { personOf } from '../state/world.js';
import { webhookErrorOf } from './graph-error.js';
import { bodyOf, type GraphRequest, requireScope } from './graph-request.js';
import { pageOf } from './paging.js';

interface Named {
  readonly input: string;
  readonly person: Person;
}

const readUsers = (request: GraphRequest): readonly Named[] =>
  recordsOf(bodyOf(request)['block_users']).map((user) => {
    const input = textOf(user['user']) ?? '';
    return { input, person: personOf(request.world, input) };
  });

const describe = ({ input, person }: Named): Json => ({ input, wa_id: person.waId });

/** Only who wrote within the last 24 hours can be blocked ("Block users"). */
export const blockUsers = (request: GraphRequest, number: PhoneNumber): Answer => {
  requireScope(request, 'messaging');
  const users = readUsers(request);
  const isKnown = ({ person }: Named): boolean => request.world.windows.isOpen(number.id, person.waId);
  const added = users.filter(isKnown);
  const failed = users.filter((user) => !isKnown(user));
  for (const { person } of added) person.isBlocked = true;
  const failure =
    failed.length === 0
      ? {}
      : { failed_users: failed.map((user) => ({ ...describe(user), errors: [webhookErrorOf(131047)] })) };
  const error = failed.length === 0 ? {} : { error: webhookErrorOf(139100) };
  return answerJson({
    messaging_product: 'whatsapp',
    block_users: { added_users: added.map(describe), ...failure },
    ...error,
  });
};

export const unblockUsers = (request: GraphRequest): Answer => {
  requireScope(request, 'messaging');
  const users = readUsers(request);
  for (const { person } of users) person.isBlocked = false;
  return answerJson({ messaging_product: 'whatsapp', block_users: { removed_users: users.map(describe) } });
};

export const listBlockedUsers = (request: GraphRequest): Answer => {
  const blocked = request.world.people.blocked().map(({ waId }) => ({ id: waId }));
  return answerJson(pageOf(request, blocked, ({ id }) => ({ messaging_product: 'whatsapp', wa_id: id })));
};
