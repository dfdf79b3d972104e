import type { PageConfig } from '../config.ts';
import type { AccountSelector, DropConnectionRequest, FaultPlan, PageSelector } from '../contract.ts';
import { digits } from '../addresses.ts';
import { replace } from '../login.ts';
import type { ToPage } from '../page-protocol.ts';
import { type Page, send } from '../pages.ts';
import type { World } from '../world.ts';
import type { ControlContext, Routes } from './route.ts';
import { pairedPage, unpairedPage } from './select.ts';

const DEFAULT_HANG_MS = 10_000;

/** What goes wrong: with the network, with the page, with single operations. */
export function faultRoutes({ world }: ControlContext): Routes {
  return {
    ...networkRoutes(world),
    ...pageRoutes(world),
    'POST /fail': (plan: FaultPlan) => world.faults.plan(plan.phone ? { ...plan, phone: digits(plan.phone) } : plan),
    'DELETE /fail': () => world.faults.clear(),
  };
}

function networkRoutes(world: World): Routes {
  return {
    'POST /drop-connection': (request: DropConnectionRequest) => {
      const select = request.unpaired ? unpairedPage : pairedPage;
      const pages = request.all ? world.pages.all() : [select(world, request)];
      for (const page of pages) drop(world, page, request.ms);
      return { dropped: pages.map(({ id }) => id) };
    },
    'POST /restore-connection': () => ({ restored: world.devices.restoreNetwork() }),
    'POST /conflict': (selector: PageSelector) => {
      const page = pairedPage(world, selector);
      replace(world, page);
      return { page: page.id };
    },
  };
}

function pageRoutes(world: World): Routes {
  const order = (page: Page, frame: ToPage): { page: string } => {
    send(page, frame);
    return { page: page.id };
  };
  return {
    'POST /state': (request: PageSelector & { state: string; paired?: boolean }) => {
      const select = (request.phone ?? request.paired) ? pairedPage : unpairedPage;
      return order(select(world, request), { t: 'state', state: request.state });
    },
    'POST /pushstate': (request: PageSelector & { unpaired?: boolean }) => {
      const select = request.unpaired ? unpairedPage : pairedPage;
      return order(select(world, request), { t: 'pushstate' });
    },
    'POST /resync': (selector: PageSelector) => order(pairedPage(world, selector), { t: 'resync' }),
    'POST /reload': (selector: PageSelector) => order(pairedPage(world, selector), { t: 'reload' }),
    'POST /oom': (selector: PageSelector) => order(pairedPage(world, selector), { t: 'oom' }),
    'POST /hang': ({ ms = DEFAULT_HANG_MS, ...selector }: PageSelector & { ms?: number }) =>
      order(pairedPage(world, selector), { t: 'hang', ms }),
    'POST /eval': ({ js, ...selector }: PageSelector & { js: string }) =>
      order(pairedPage(world, selector), { t: 'eval', js }),
    'POST /page-config': ({ session, phone, ...cfg }: AccountSelector & Partial<PageConfig>) =>
      order(pairedPage(world, { session, phone }), { t: 'cfg', cfg }),
  };
}

function drop(world: World, page: Page, ms: number | undefined): void {
  if (page.device) world.devices.cutOff(page.device.deviceId, ms);
  page.loggedIn = false;
  world.journal.record('drop', { page: page.id, phone: page.phone, ms });
  page.socket.terminate();
}
