import { parsePhoneNumber, phoneDigits } from '../../../kernel/phone-number.js';
import type { GroupAddress } from '../../../kernel/recipient.js';

/** How far the pretend contact takes a message: 1 server, 2 delivered, 3 read. */
export type AckDepth = 0 | 1 | 2 | 3;

export type RecipientOutcome =
  | { readonly kind: 'arrives'; readonly depth: AckDepth; readonly reply?: string }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }
  | { readonly kind: 'deferred'; readonly code: string; readonly detail: string; readonly firstTryOnly: boolean }
  | { readonly kind: 'silent' };

/** `+1 202 555 0100` to `0199` belong to nobody; the last four digits choose what happens on a sandbox session. */
const RESERVED = /^120255501\d\d$/;

const OUTCOMES: Readonly<Record<string, RecipientOutcome>> = {
  '0101': { kind: 'arrives', depth: 2 },
  '0110': { kind: 'arrives', depth: 3 },
  '0120': { kind: 'refused', code: 'not-on-whatsapp', detail: 'The number is not on WhatsApp.' },
  '0121': { kind: 'deferred', code: 'temporarily-failed', detail: 'The first try fails.', firstTryOnly: true },
  '0122': { kind: 'refused', code: 'blocked-by-recipient', detail: 'The recipient has blocked this number.' },
  '0130': { kind: 'arrives', depth: 1 },
  '0131': { kind: 'silent' },
  '0140': { kind: 'deferred', code: 'limited', detail: 'A limit of the number is reached.', firstTryOnly: false },
  '0150': { kind: 'arrives', depth: 3, reply: 'YES' },
  '0151': { kind: 'arrives', depth: 3, reply: 'STOP' },
};

/** A group in which only its administrators write, and the pretend phone is none. */
export const SANDBOX_ANNOUNCEMENTS = '120363000000000002@g.us' as GroupAddress;

const NOT_ALLOWED: RecipientOutcome = {
  ...{ kind: 'refused', code: 'not-an-administrator' },
  detail: 'Only the administrators of the group write in it.',
};

const ORDINARY: RecipientOutcome = { kind: 'arrives', depth: 3 };

export const outcomeFor = (to: string): RecipientOutcome => {
  if (to === SANDBOX_ANNOUNCEMENTS) return NOT_ALLOWED;
  const digits = phoneDigits(to);
  return (RESERVED.test(digits) ? OUTCOMES[digits.slice(-4)] : undefined) ?? ORDINARY;
};

/** The number that a pretend phone has when none is given. */
export const DEFAULT_SANDBOX_PHONE = parsePhoneNumber('+12025550100');
