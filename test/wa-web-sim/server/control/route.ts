import type { PairingCodes } from '../pairing.ts';
import type { PageDelivery } from '../page-delivery.ts';
import type { World } from '../world.ts';

/** What the routes of the control API work with. */
export interface ControlContext {
  readonly world: World;
  readonly codes: PairingCodes;
  readonly delivery: PageDelivery;
  readonly tlsPort: number;
}

/** Answers by "METHOD /path below /control". `never` accepts a function of any request: the contract is its type. */
export type Routes = Readonly<Record<string, (request: never) => unknown>>;
