import { digits } from '../addresses.ts';
import type { AccountSelector, PageSelector } from '../contract.ts';
import { isOpen, type Page, qrTextOf } from '../pages.ts';
import { required, SimError } from '../sim-error.ts';
import type { World } from '../world.ts';

/** The page that waits to be scanned: by id, by the QR it shows, or the only one. */
export function unpairedPage(world: World, { session, qr }: PageSelector): Page {
  if (session) return pageById(world, session);
  if (qr) return pageShowing(world, qr);
  return onlyOne(world.pages.all().filter((page) => page.phone === null && page.pairing === null && isOpen(page)));
}

/** The page that is logged in: by id, by its phone, or the only one. */
export function pairedPage(world: World, { session, phone }: PageSelector): Page {
  if (session) return pageById(world, session);
  const loggedIn = world.pages.all().filter((page) => page.loggedIn && isOpen(page));
  if (!phone) return onlyOne(loggedIn);
  const latest = loggedIn.findLast((page) => page.phone === digits(phone));
  return required(latest, 404, 'no connected page for that phone');
}

/** The phone of the account that a call is about. */
export function phoneOf(world: World, { session, phone }: AccountSelector): string {
  if (session) return required(world.pages.find(session)?.phone, 404, 'that page has no phone');
  if (phone) return digits(phone);
  const [only, second] = world.pages.all().filter((page) => page.loggedIn);
  if (!only?.phone || second) throw new SimError(409, 'give session or phone');
  return only.phone;
}

function pageById(world: World, id: string): Page {
  return required(world.pages.find(id), 404, 'no such page');
}

function pageShowing(world: World, qr: string): Page {
  const [ref] = qr.split(',');
  const page = world.pages.all().find((candidate) => candidate.qr.ref === ref);
  if (!page) throw new SimError(410, 'qr-expired-or-unknown');
  if (Date.now() > page.qr.expiresAt) throw new SimError(410, 'qr-expired');
  if (qrTextOf(page) !== qr) throw new SimError(400, 'qr-keys-mismatch');
  return page;
}

function onlyOne(pages: readonly Page[]): Page {
  const [only, second] = pages;
  if (second) throw new SimError(409, `${String(pages.length)} pages match: give session, qr or phone`);
  return required(only, 404, 'no page matches');
}
