import type { FaultOperation } from '../contract.ts';
import type { PairingCodes } from '../pairing.ts';
import type { Page } from '../pages.ts';
import { startReferences } from '../qr-references.ts';
import type { World } from '../world.ts';
import type { Calls } from './calls.ts';

/** What a page may ask before it belongs to an account. */
export function callsBeforePairing(world: World, codes: PairingCodes): Calls<Page> {
  return {
    refreshQR(page: Page): boolean {
      if (page.phone === null) startReferences(world, page);
      return true;
    },

    pairCode(page: Page, { phone }: { phone: string }): { code: string } {
      const code = codes.issue(page, phone);
      world.journal.record('pair-code', { page: page.id, phone, code });
      return { code };
    },

    /** The page is about to do something that a test may have ordered to fail. */
    async fault(page: Page, { op }: { op: FaultOperation }): Promise<boolean> {
      await world.faults.strike(op, page.phone);
      return true;
    },

    /** Something happened that only needs to be written down. */
    action(page: Page, { name, args }: { name: string; args: unknown }): boolean {
      world.recordAction(page, name, args);
      world.journal.record('action', { phone: page.phone, name });
      if (name === 'setPushname' && page.phone) {
        world.accounts.of(page.phone).pushname = (args as { name: string }).name;
      }
      return true;
    },
  };
}
