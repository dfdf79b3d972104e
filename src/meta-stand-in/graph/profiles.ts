import { type Json, listOf, textOf } from '../base/json.js';
import { lengthOf } from '../messages/checks.js';
import { type Answer, answerJson } from '../http/exchange.js';
import { type PhoneNumber } from '../state/directory.js';
import { invalid, missing } from './graph-error.js';
import { bodyOf, type GraphRequest, requireScope } from './graph-request.js';

/** Longest values ("Business profiles"). */
const LIMITS: Readonly<Record<string, number>> = {
  about: 139,
  address: 256,
  description: 512,
  email: 128,
  vertical: 64,
  profile_picture_handle: 4096,
};
const MAX_WEBSITES = 2;

/** `GET /{phone-number-id}/whatsapp_business_profile`. */
export const readProfile = ({ call }: GraphRequest, { profile }: PhoneNumber): Answer => {
  const names = call.query.get('fields')?.split(',') ?? Object.keys(profile);
  const known = names.filter((name) => profile[name] !== undefined).map((name) => [name, profile[name]]);
  return answerJson({ data: [{ ...(Object.fromEntries(known) as Json), messaging_product: 'whatsapp' }] });
};

export const changeProfile = (request: GraphRequest, number: PhoneNumber): Answer => {
  requireScope(request, 'messaging');
  const { messaging_product: product, ...changes } = bodyOf(request);
  if (product !== 'whatsapp') throw missing('messaging_product');
  for (const [name, value] of Object.entries(changes)) checkChange(name, value);
  number.profile = { ...number.profile, ...changes };
  return answerJson({ success: true });
};

const checkChange = (name: string, value: unknown): void => {
  if (name === 'websites') {
    if (listOf(value).length > MAX_WEBSITES) throw invalid('websites must not have more than two elements');
    return;
  }
  const limit = LIMITS[name];
  if (limit === undefined) throw invalid(`Unexpected key "${name}"`);
  if (lengthOf(textOf(value) ?? '') > limit) throw invalid(`${name} must not exceed ${String(limit)} characters`);
};
