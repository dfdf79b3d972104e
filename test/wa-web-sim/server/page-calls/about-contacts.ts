import { setTimeout as sleep } from 'node:timers/promises';
import { isGroupAddress, userAddress } from '../addresses.ts';
import type { PairedPage } from '../pages.ts';
import type { World } from '../world.ts';
import type { Calls } from './calls.ts';

interface About {
  readonly id: string;
}

/** Numbers, contacts, pictures and links. */
export function callsAboutContacts(world: World): Calls<PairedPage> {
  return {
    async queryExists(page: PairedPage, { id }: About) {
      await world.faults.strike('queryExists', page.phone);
      const phone = registeredPhone(world, id);
      if (phone === null) return { exists: false };
      const biz = world.numbers.find(phone)?.biz ?? false;
      return { exists: true, pn: userAddress(phone), lid: world.numbers.lidOf(phone), biz };
    },

    async resolveChat(page: PairedPage, { id }: About) {
      await world.faults.strike('resolveChat', page.phone);
      const { unregisteredSend, lidMode } = world.config;
      const phone = registeredPhone(world, id);
      if (phone === null) return { exists: false, mode: unregisteredSend === 'throw' ? 'throw' : 'create' };
      const known = world.numbers.find(phone);
      const lid = world.numbers.lidOf(phone);
      const pn = userAddress(phone);
      return { exists: true, pn, lid, id: lidMode ? lid : pn, name: known?.name, pushname: known?.pushname };
    },

    contact(_page: PairedPage, { id }: About) {
      if (isGroupAddress(id)) {
        const group = world.groups.get(id);
        return group ? { name: group.subject } : null;
      }
      const phone = world.numbers.phoneOf(id);
      return phone ? describe(world, id, phone) : null;
    },

    profilePic(_page: PairedPage, { id }: About) {
      const picture = world.numbers.find(world.numbers.phoneOf(id))?.pic;
      return picture ? { eurl: picture } : null;
    },

    async linkPreview(page: PairedPage, { url }: { url: string }) {
      await world.faults.strike('linkPreview', page.phone);
      if (!world.config.linkPreview) return null;
      await sleep(world.config.linkPreviewMs);
      return {
        title: 'Simulated title',
        description: 'Simulated description',
        canonicalUrl: url,
        matchedText: url,
      };
    },

    logoutMe(page: PairedPage): boolean {
      const device = world.devices.find(page.device?.deviceId);
      if (device) device.removed = true;
      world.journal.record('logout-by-client', { phone: page.phone });
      return true;
    },
  };
}

function registeredPhone(world: World, address: string): string | null {
  const phone = world.numbers.phoneOf(address);
  return phone && world.isRegistered(phone) ? phone : null;
}

function describe(world: World, address: string, phone: string): Readonly<Record<string, unknown>> {
  const known = world.numbers.find(phone);
  return {
    name: known?.name,
    pushname: known?.pushname ?? world.accounts.find(phone)?.pushname,
    about: known?.about,
    isBusiness: known?.biz ?? false,
    ...(address.endsWith('@lid') ? { phoneNumber: userAddress(phone) } : {}),
  };
}
