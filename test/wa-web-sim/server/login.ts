import { digits, userAddress } from './addresses.ts';
import { type Account } from './accounts.ts';
import type { Device } from './devices.ts';
import { asSeen } from './groups.ts';
import type { WireMessage } from './messages.ts';
import type { ContactFrame, PageDevice } from './page-protocol.ts';
import { isOpen, type Page, send } from './pages.ts';
import { stopReferences } from './qr-references.ts';
import type { World } from './world.ts';

export const CLOSE_NETWORK_DOWN = 4503;
const CLOSE_REPLACED = 4409;
const REPLACED_DELAY_MS = 20;
const PHONE_INFO = {
  wa_version: '2.25.1',
  os_version: '14',
  device_manufacturer: 'Sim',
  device_model: 'Phone',
};

/** A page with a paired device comes back: it gets its account, or hears that the phone has removed it. */
export function logIn(world: World, page: Page, shown: PageDevice): void {
  const device = knownDevice(world, shown);
  if (!device || device.removed || device.secret !== shown.secret) {
    world.journal.record('login-refused', { page: page.id, phone: shown.phone });
    send(page, { t: 'logged-out', reason: 'device_removed', mode: device?.removedMode });
    return;
  }
  for (const other of world.pages.all()) if (other !== page && holds(other, device)) replace(world, other);
  page.phone = device.phone;
  page.loggedIn = true;
  stopReferences(page);
  welcome(world, page, world.accounts.of(device.phone));
}

/** The same device has been opened elsewhere: this page loses its place. */
export function replace(world: World, page: Page): void {
  world.journal.record('conflict', { page: page.id, phone: page.phone });
  send(page, { t: 'conflict' });
  page.loggedIn = false;
  setTimeout(() => {
    page.socket.close(CLOSE_REPLACED, 'replaced');
  }, REPLACED_DELAY_MS);
}

function holds(page: Page, { deviceId }: Device): boolean {
  return page.device?.deviceId === deviceId && page.loggedIn && isOpen(page);
}

function knownDevice(world: World, shown: PageDevice): Device | undefined {
  const known = world.devices.find(shown.deviceId);
  if (known || !world.config.trustUnknownDevices || !shown.phone) return known;
  world.journal.record('device-trusted', { phone: shown.phone });
  return world.devices.link(shown.deviceId, shown.phone, shown.secret);
}

function welcome(world: World, page: Page, account: Account): void {
  const history = recentHistory(world, account);
  const offline = [...account.offline].flatMap((id) => account.messages.get(id) ?? []);
  send(page, {
    t: 'login-ok',
    wid: account.wid,
    lid: account.lid,
    pushname: account.pushname,
    platform: account.platform,
    phoneInfo: PHONE_INFO,
    groups: [...world.groups.values()]
      .filter((group) => group.participants.some(({ id }) => id === account.wid))
      .map((group) => asSeen(world, group)),
    chats: [...account.chats.keys()],
    contacts: addressBook(world),
    history,
    unread: Object.fromEntries(account.unread),
    offline,
  });
  const counts = { offline: offline.length, history: history.length };
  world.journal.record('login', { page: page.id, phone: account.phone, ...counts });
}

function recentHistory(world: World, account: Account): WireMessage[] {
  const { historyPerChat } = world.config;
  const recent = [...account.chats.values()].flatMap((ids) => ids.slice(Math.max(0, ids.length - historyPerChat)));
  return recent
    .filter((id) => !account.offline.has(id))
    .flatMap((id) => account.messages.get(id) ?? [])
    .sort((a, b) => a.t - b.t);
}

function addressBook(world: World): ContactFrame[] {
  return world.numbers.named().map((entry) => ({
    id: userAddress(digits(entry.phone)),
    name: entry.name,
    pushname: entry.pushname,
    isBusiness: entry.biz,
    lid: world.numbers.lidOf(entry.phone),
  }));
}
