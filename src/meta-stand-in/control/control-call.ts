import { type Json } from '../base/json.js';
import { type World } from '../state/world.js';

export interface ControlCall {
  readonly world: World;
  /** What stands after the name of the route, as in `/numbers/{id}`. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: Json;
}

/** Answers with what becomes JSON. */
export type ControlHandler = (call: ControlCall) => unknown;

/** By method and name, as `GET sent`. */
export type ControlRoutes = Readonly<Record<string, ControlHandler>>;
