import { randomBytes } from 'node:crypto';
import { type Page, send } from './pages.ts';
import type { World } from './world.ts';

/** Starts a page's series of QR references: the first lives longer, and after the last one the page is idle. */
export function startReferences(world: World, page: Page): void {
  clearTimeout(page.qr.timer);
  page.qr.shown = 0;
  page.qr.idle = false;
  showNextReference(world, page);
}

/** The next reference now, with all that follow; without one left the page is told that it is idle. */
export function showNextReference(world: World, page: Page): void {
  clearTimeout(page.qr.timer);
  if (page.phone !== null || page.closed) return;
  if (page.qr.shown >= world.config.qrCount) {
    becomeIdle(world, page);
    return;
  }
  const ttl = page.qr.shown === 0 ? world.config.qrFirstMs : world.config.qrNextMs;
  const ref = `2@${randomBytes(99).toString('base64')}`;
  page.qr.ref = ref;
  page.qr.expiresAt = Date.now() + ttl;
  page.qr.shown += 1;
  send(page, { t: 'ref', ref, ttl });
  world.journal.record('ref', { page: page.id, n: page.qr.shown, ttl });
  page.qr.timer = setTimeout(() => {
    showNextReference(world, page);
  }, ttl);
}

export function stopReferences(page: Page): void {
  clearTimeout(page.qr.timer);
  page.qr.ref = null;
}

function becomeIdle(world: World, page: Page): void {
  page.qr.ref = null;
  page.qr.idle = true;
  send(page, { t: 'idle' });
  world.journal.record('qr-idle', { page: page.id });
}
