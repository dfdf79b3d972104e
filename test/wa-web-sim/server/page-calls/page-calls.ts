import { setTimeout as sleep } from 'node:timers/promises';
import type { PairingCodes } from '../pairing.ts';
import { Outgoing } from '../outgoing.ts';
import type { Page, PairedPage } from '../pages.ts';
import { SimError } from '../sim-error.ts';
import type { World } from '../world.ts';
import { callsAboutContacts } from './about-contacts.ts';
import { callsAboutGroups } from './about-groups.ts';
import { callsAboutMessages } from './about-messages.ts';
import { callsBeforePairing } from './before-pairing.ts';
import type { Calls } from './calls.ts';

/** Everything that a page may ask the service, by name. */
export class PageCalls {
  private readonly world: World;
  private readonly open: Calls<Page>;
  private readonly paired: Calls<PairedPage>;

  constructor(world: World, codes: PairingCodes) {
    this.world = world;
    this.open = callsBeforePairing(world, codes);
    this.paired = {
      ...callsAboutContacts(world),
      ...callsAboutMessages(world, new Outgoing(world)),
      ...callsAboutGroups(world),
    };
  }

  async answer(page: Page, name: string, parameters: unknown): Promise<unknown> {
    if (this.world.config.rpcMs > 0) await sleep(this.world.config.rpcMs);
    const open = this.open[name];
    if (open) return open(page, parameters as never);
    const call = this.paired[name];
    if (!call) throw new SimError(501, `no rpc ${name}`);
    if (!isPaired(page)) throw new SimError(401, 'not paired');
    return call(page, parameters as never);
  }
}

function isPaired(page: Page): page is PairedPage {
  return page.phone !== null;
}
