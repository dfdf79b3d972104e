import { chatAddress, digits } from '../addresses.ts';
import { isSetting, type SimConfig } from '../config.ts';
import type { AccountView, Health } from '../contract.ts';
import type { ActionFilter, EventFilter, SentFilter, SimEvent, WaitFilter } from '../records.ts';
import { viewOf } from '../pages.ts';
import { SimError } from '../sim-error.ts';
import type { World } from '../world.ts';
import type { ControlContext, Routes } from './route.ts';

/** A filter as it comes in a URL. */
type Query<T> = { readonly [K in keyof T]?: string };

const DEFAULT_WAIT_MS = 10_000;

/** Looking: settings, who is there, what was sent, what happened. */
export function stateRoutes({ world, delivery, tlsPort }: ControlContext): Routes {
  return {
    'GET /health': (): Health => ({
      ok: true,
      tlsPort,
      pages: world.pages.count,
      version: world.config.version,
    }),
    'GET /config': () => world.config,
    'POST /config': (settings: Partial<SimConfig>) => {
      const unknown = Object.keys(settings).find((name) => !isSetting(name));
      if (unknown) throw new SimError(400, `unknown setting ${unknown}`);
      if (settings.stallLoad === false) delivery.release();
      return world.configure(settings);
    },
    'POST /config/reset': () => world.resetConfig(),
    'POST /reset': ({ all = false }: { all?: boolean }) => {
      world.reset(all);
      return { ok: true };
    },
    'GET /sessions': () => world.pages.all().map(viewOf),
    'GET /accounts': () => accountViews(world),
    'GET /groups': () => [...world.groups.values()],
    ...recordRoutes(world),
  };
}

function recordRoutes(world: World): Routes {
  return {
    'GET /sent': ({ phone, session, to, id, since = '0' }: Query<SentFilter>) =>
      world.sent.filter(
        (record) =>
          (!phone || record.phone === digits(phone)) &&
          (!session || record.page === session) &&
          (!to || record.to === chatAddress(to)) &&
          (!id || record.id === id) &&
          record.seq > Number(since),
      ),
    'GET /actions': ({ phone, name, since = '0' }: Query<ActionFilter>) =>
      world.actions.filter(
        (record) =>
          (!phone || record.phone === digits(phone)) && (!name || record.name === name) && record.seq > Number(since),
      ),
    'GET /events': ({ type, since = '0' }: Query<EventFilter>) =>
      world.journal.list((event) => (!type || event.type === type) && event.seq > Number(since)),
    'GET /wait': (filter: Query<WaitFilter>) => waitFor(world, filter),
  };
}

async function waitFor(world: World, filter: Query<WaitFilter>): Promise<SimEvent> {
  const fits = (event: SimEvent): boolean =>
    (!filter.type || event.type === filter.type) &&
    (!filter.phone || event.phone === digits(filter.phone)) &&
    (!filter.id || event.id === filter.id) &&
    (!filter.kind || event.kind === filter.kind);
  const { since } = filter;
  const [past] = since === undefined ? [] : world.journal.list((event) => event.seq > Number(since) && fits(event));
  return past ?? world.journal.next(fits, Number(filter.timeoutMs ?? DEFAULT_WAIT_MS));
}

function accountViews(world: World): AccountView[] {
  return world.accounts.all().map((account) => ({
    phone: account.phone,
    wid: account.wid,
    lid: account.lid,
    pushname: account.pushname,
    chats: [...account.chats.keys()],
    messages: account.messages.size,
    offline: account.offline.size,
    online: world.pages.loggedInAs(account.phone) !== undefined,
    devices: world.devices.linkedTo(account.phone).length,
  }));
}
