import { present } from '../base/json.js';
import { type Answer, answerJson } from '../http/exchange.js';
import { tokenErrorOf } from './authorise.js';
import { missing } from './graph-error.js';
import { type GraphRequest } from './graph-request.js';

/** `GET /debug_token` (Graph API, Reference, "Debug-Token"). */
export const debugToken = ({ world, call }: GraphRequest): Answer => {
  const value = call.query.get('input_token');
  if (value === null) throw missing('input_token');
  const token = world.directory.tokens.get(value);
  if (token === undefined) {
    return answerJson({
      data: { error: { code: 190, message: 'Invalid OAuth access token.' }, is_valid: false, scopes: [] },
    });
  }
  const subcode = token.invalidSubcode;
  const error = subcode === undefined ? undefined : { code: 190, message: tokenErrorOf(subcode).message, subcode };
  return answerJson({
    data: present({
      app_id: token.app.id,
      type: 'SYSTEM_USER',
      application: 'Stand-in',
      data_access_expires_at: 0,
      error,
      expires_at: 0,
      is_valid: subcode === undefined,
      issued_at: token.issuedAt,
      scopes: token.scopes,
      granular_scopes: token.scopes.map((scope) => ({ scope })),
      user_id: '500000000000001',
    }),
  });
};
