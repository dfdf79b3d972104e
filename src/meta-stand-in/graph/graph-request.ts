import { type Json } from '../base/json.js';
import { type Answer, type Call, readJson } from '../http/exchange.js';
import { type Token } from '../state/directory.js';
import { type Fault } from '../state/faults.js';
import { type World } from '../state/world.js';
import { GraphError } from './graph-error.js';

/** A call of the Graph API whose token is good. */
export interface GraphRequest {
  readonly world: World;
  readonly call: Call;
  readonly version: string;
  readonly token: Token;
  /** A fault that the handler itself has to play. */
  readonly fault: Fault | undefined;
}

export type Handler<Node> = (request: GraphRequest, node: Node) => Answer | Promise<Answer>;

/** Handlers by method and edge, as `POST messages`; the node itself has no edge, as `GET `. */
export type Routes<Node> = Readonly<Record<string, Handler<Node>>>;

const MAX_JSON_BYTES = 1024 * 1024;

export const bodyOf = ({ call }: GraphRequest): Json => {
  // Bodies are remembered: what no message is as large as is not let in.
  if (call.body.length > MAX_JSON_BYTES)
    throw new GraphError({ code: 100, message: '(#100) Request body is too large.' });
  const body = readJson(call);
  if (body === 'not-json') {
    throw new GraphError({ code: 100, details: 'The request body must be valid JSON.' });
  }
  if (body === 'not-an-object') {
    throw new GraphError({ code: 100, details: 'The request body must be a JSON object.' });
  }
  return body;
};

export const requireScope = ({ token }: GraphRequest, scope: 'messaging' | 'management'): void => {
  if (token.scopes.includes(`whatsapp_business_${scope}`)) return;
  throw new GraphError({ code: scope === 'messaging' ? 10 : 200 });
};
