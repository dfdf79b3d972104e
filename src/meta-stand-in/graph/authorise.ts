import { type Call } from '../http/exchange.js';
import { type Token } from '../state/directory.js';
import { type World } from '../state/world.js';
import { GraphError } from './graph-error.js';

const BEARER = /^Bearer\s+(?<token>\S+)$/i;
const EXPIRED = 463;

const MESSAGES: Readonly<Record<number, string>> = {
  460:
    'Error validating access token: The session has been invalidated because the user changed their password or ' +
    'Facebook has changed the session for security reasons.',
  463: 'Error validating access token: Session has expired.',
  467: 'Error validating access token: This may be because the user logged out.',
};

export const tokenErrorOf = (subcode: number): GraphError =>
  new GraphError({ code: 190, subcode, message: MESSAGES[subcode] ?? MESSAGES[EXPIRED] });

/** The token from the header, or as a parameter as the Graph API takes it, too. */
export const readToken = ({ headers, query }: Call): string | undefined =>
  BEARER.exec(headers['authorization'] ?? '')?.groups?.['token'] ?? query.get('access_token') ?? undefined;

export const authorise = (world: World, call: Call): Token => {
  const value = readToken(call);
  if (value === undefined) {
    throw new GraphError({ code: 200, message: '(#200) Provide valid app ID and access token.' });
  }
  const token = world.directory.tokens.get(value) ?? appTokenOf(world, value);
  if (token === undefined) {
    throw new GraphError({ code: 190, message: 'Invalid OAuth access token - Cannot parse access token' });
  }
  if (token.invalidSubcode !== undefined) throw tokenErrorOf(token.invalidSubcode);
  return token;
};

/** An app speaks for itself with `id|secret` ("Access tokens", app access tokens). */
const appTokenOf = ({ directory, clock }: World, value: string): Token | undefined => {
  const [id = '', secret] = value.split('|');
  const app = directory.apps.get(id);
  if (app === undefined || app.secret !== secret) return undefined;
  return { value, app, issuedAt: clock.seconds(), scopes: [], invalidSubcode: undefined };
};
