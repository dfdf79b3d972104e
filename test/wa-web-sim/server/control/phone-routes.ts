import { digits } from '../addresses.ts';
import type { ExpireQrRequest, LogoutRequest, LogoutResult, PairCodeRequest, ScanRequest } from '../contract.ts';
import { send, viewOf } from '../pages.ts';
import { pair } from '../pairing.ts';
import { showNextReference } from '../qr-references.ts';
import { required, SimError } from '../sim-error.ts';
import type { World } from '../world.ts';
import type { ControlContext, Routes } from './route.ts';
import { phoneOf, unpairedPage } from './select.ts';

/** What the owner of the account does with the phone. */
export function phoneRoutes({ world, codes }: ControlContext): Routes {
  return {
    'POST /scan': (request: ScanRequest) => {
      const phone = digits(request.phone);
      if (!phone) throw new SimError(400, 'phone needed');
      const fault = world.faults.take('scan', phone);
      if (fault) throw new SimError(503, fault.message ?? 'scan failed');
      return pair(world, unpairedPage(world, { session: request.session, qr: request.qr }), phone, request);
    },
    'POST /pair-code': (request: PairCodeRequest) => {
      const { pageId, phone } = codes.redeem(request.code);
      return pair(world, required(world.pages.find(pageId), 410, 'page is gone'), phone, request);
    },
    'POST /expire-qr': (request: ExpireQrRequest) => {
      const page = unpairedPage(world, request);
      if (request.idle) page.qr.shown = world.config.qrCount;
      showNextReference(world, page);
      return viewOf(page);
    },
    'POST /logout': (request: LogoutRequest) => removeDevice(world, request),
  };
}

function removeDevice(world: World, request: LogoutRequest): LogoutResult {
  const phone = phoneOf(world, request);
  const devices = world.devices.remove(phone, request);
  const pages = world.pages.all().filter((page) => page.phone === phone);
  for (const page of pages) {
    send(page, { t: 'logged-out', reason: request.reason ?? 'phone_initiated', mode: request.mode });
    page.loggedIn = false;
  }
  world.journal.record('logout-by-phone', { phone, pages: pages.length });
  return { phone, devices, pages: pages.map(({ id }) => id) };
}
