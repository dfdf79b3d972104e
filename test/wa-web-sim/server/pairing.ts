import { randomBytes } from 'node:crypto';
import { digits } from './addresses.ts';
import type { PairResult } from './contract.ts';
import { type Page, send } from './pages.ts';
import { stopReferences } from './qr-references.ts';
import { required, SimError } from './sim-error.ts';
import type { World } from './world.ts';

const CODE_ALPHABET = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';
const CODE_LENGTH = 8;
const CODE_LIVES_MS = 180_000;

interface Profile {
  readonly pushname?: string | undefined;
  readonly platform?: string | undefined;
}

/** Links the page's device to a phone; the page hears of it a moment later and logs in. */
export function pair(world: World, page: Page, phone: string, profile: Profile): PairResult {
  if (page.phone !== null) throw new SimError(409, 'that page is already paired');
  const { deviceId } = required(page.device, 409, 'that page has not said which device it is');
  const account = world.accounts.of(phone);
  if (profile.pushname) account.pushname = profile.pushname;
  if (profile.platform) account.platform = profile.platform;
  const { secret } = world.devices.link(deviceId, phone);
  page.pairing = phone;
  stopReferences(page);
  setTimeout(() => send(page, { t: 'pair-success', phone, secret }), world.config.pairDelayMs);
  world.journal.record('paired', { page: page.id, phone, deviceId });
  return { page: page.id, phone, deviceId };
}

/** The pairing codes that pages show in place of a QR; each page has one at a time. */
export class PairingCodes {
  private readonly codes = new Map<
    string,
    { readonly pageId: string; readonly phone: string; readonly until: number }
  >();

  issue(page: Page, phone: string): string {
    for (const [code, { pageId }] of this.codes) if (pageId === page.id) this.codes.delete(code);
    const code = newCode();
    this.codes.set(code, { pageId: page.id, phone: digits(phone), until: Date.now() + CODE_LIVES_MS });
    return code;
  }

  /** Uses a code up: the page that showed it and the phone that it was made for. */
  redeem(entered: string): { readonly pageId: string; readonly phone: string } {
    const code = entered.replace('-', '').toUpperCase();
    const issued = required(this.codes.get(code), 404, 'unknown code');
    if (Date.now() > issued.until) throw new SimError(410, 'code expired');
    this.codes.delete(code);
    return issued;
  }
}

function newCode(): string {
  return [...randomBytes(CODE_LENGTH)].map((byte) => CODE_ALPHABET.charAt(byte % CODE_ALPHABET.length)).join('');
}
