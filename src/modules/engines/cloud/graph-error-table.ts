/**
 * Whose limit was reached: of the app, of the WhatsApp Business Account, of the number with one person, or of the
 * number with everybody.
 */
export const RATE_LIMITS = ['app', 'account', 'pair', 'throughput'] as const;
export type RateLimit = (typeof RATE_LIMITS)[number];

/** What an error code means for the message, the pace or the session that met it. */
export type GraphErrorRule =
  | {
      readonly action: 'retry';
      readonly reasonCode: string;
      /** It is of no use to come back earlier. */
      readonly minWaitMs?: number;
      /** After so many tries the error is the message's own. */
      readonly maxTries?: number;
    }
  | { readonly action: 'slow-down'; readonly reasonCode: string; readonly limit: RateLimit }
  | { readonly action: 'give-up'; readonly reasonCode: string }
  | { readonly action: 'park-session'; readonly reasonCode: string };

export interface GraphErrorRow {
  readonly from: number;
  readonly to: number;
  readonly rule: GraphErrorRule;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const retry = (reasonCode: string, bounds: { minWaitMs?: number; maxTries?: number } = {}): GraphErrorRule => ({
  action: 'retry',
  reasonCode,
  ...bounds,
});
const slowDown = (limit: RateLimit): GraphErrorRule => ({
  action: 'slow-down',
  reasonCode: `${limit}-rate-limited`,
  limit,
});
const giveUp = (reasonCode: string): GraphErrorRule => ({ action: 'give-up', reasonCode });
const park = (reasonCode: string): GraphErrorRule => ({ action: 'park-session', reasonCode });

/**
 * Meta's "Error codes" and, for 4, 17, 613 and 100/33, "Graph API: Handle errors" and "Rate limits". The HTTP status is
 * no part of it: most throttles come as 400, and 3 and 134102 come as 500 though nothing gets better by itself.
 */
const RULES: Readonly<Record<string, GraphErrorRule>> = {
  // The token, and what it may do.
  '0': park('token-invalid'),
  '3': park('permission-missing'),
  '10': park('permission-missing'),
  '190': park('token-invalid'),
  '200-299': park('permission-missing'),
  '131005': park('permission-missing'),

  // Meta's own trouble. "Error codes" allows that 1 is a fault of the request, which no repeat heals.
  '1': retry('meta-failed', { maxTries: 3 }),
  '2': retry('meta-unavailable'),
  '131000': retry('meta-failed', { maxTries: 3 }),
  '131016': retry('meta-unavailable'),
  '131057': retry('number-in-maintenance', { minWaitMs: MINUTE_MS }),
  '133004': retry('meta-unavailable'),
  '133015': retry('number-recently-deleted', { minWaitMs: 5 * MINUTE_MS }),
  '134101': retry('template-syncing', { minWaitMs: 10 * MINUTE_MS }),
  '2494100': retry('number-in-maintenance', { minWaitMs: MINUTE_MS }),

  // The pace.
  '4': slowDown('app'),
  '17': slowDown('app'),
  '613': slowDown('app'),
  '80007': slowDown('account'),
  '130429': slowDown('throughput'),
  '131056': slowDown('pair'),
  // Of one number in one group.
  '131208': slowDown('pair'),
  // Ten sends an hour with a flow that does badly.
  '132069': retry('flow-throttled', { minWaitMs: HOUR_MS }),

  // The number and the account behind it.
  '33': park('number-deleted'),
  '368': park('account-blocked'),
  '131031': park('account-locked'),
  '131037': park('display-name-not-approved'),
  '131045': park('number-not-registered'),
  '133000': park('number-not-registered'),
  '133006': park('number-not-verified'),
  '133010': park('number-not-registered'),
  '130497': giveUp('country-restricted'),
  '131042': giveUp('payment-issue'),
  '131048': giveUp('spam-limit-reached'),
  '131063': giveUp('marketing-disabled'),
  '131064': giveUp('template-classification-limit'),
  '134011': giveUp('payment-terms-not-accepted'),
  '134102': giveUp('template-not-available'),
  '2593107-2593109': giveUp('history-sync-refused'),

  // The recipient.
  '130403': giveUp('recipient-blocked-by-us'),
  '130472': giveUp('recipient-in-experiment'),
  '131021': giveUp('recipient-is-sender'),
  '131026': giveUp('recipient-not-reachable'),
  '131030': giveUp('recipient-not-allowed'),
  '131036': giveUp('expired-before-delivery'),
  '131049': giveUp('marketing-limit-of-recipient'),
  '131050': giveUp('recipient-opted-out'),
  '131062': giveUp('phone-number-required'),
  '137000': giveUp('recipient-identity-changed'),

  // The window, the file, the template.
  '131047': giveUp('window-closed'),
  '131052': giveUp('media-not-downloadable'),
  '131053': giveUp('media-refused'),
  '132000': giveUp('template-parameter-mismatch'),
  '132001': giveUp('template-not-found'),
  '132005': giveUp('template-text-too-long'),
  '132007': giveUp('template-refused'),
  '132008': giveUp('template-parameter-refused'),
  '132012': giveUp('template-parameter-mismatch'),
  '132015': giveUp('template-paused'),
  '132016': giveUp('template-disabled'),
  '132018': giveUp('template-parameter-refused'),
  '132068': giveUp('flow-blocked'),
  '139000-139006': giveUp('flow-refused'),
  '2388019-2388299': giveUp('template-refused'),

  // The request.
  '100': giveUp('request-refused'),
  '131008': giveUp('parameter-missing'),
  '131009': giveUp('parameter-not-valid'),
  '131020': giveUp('group-refused'),
  '131041': giveUp('group-unknown'),
  '131051': giveUp('message-type-not-supported'),
  '131055': giveUp('only-marketing-templates'),
  '131059': giveUp('page-cursor-expired'),
  '131201-131215': giveUp('group-refused'),
  '134100': giveUp('only-marketing-templates'),
  '135000': giveUp('request-refused'),
  '138000-138018': giveUp('call-refused'),
  '139100-139103': giveUp('block-list-not-changed'),
  '147001-147005': giveUp('username-refused'),
  '1752041': giveUp('already-onboarded'),

  // Of codes and PINs that a person types: repeats that nobody asked for lock the number.
  '133005': giveUp('pin-wrong'),
  '133008': giveUp('pin-guessed-too-often'),
  '133009': giveUp('pin-guessed-too-fast'),
  '133016': giveUp('registration-limit-reached'),
  '136024': giveUp('code-not-requested'),
  '136025': giveUp('code-wrong'),

  // Of what came in, told in a place where errors stand.
  '131035': giveUp('inbound-lost'),
  '131060': giveUp('inbound-not-available'),
};

/** One row for each code or range of codes. */
export const GRAPH_ERROR_ROWS: readonly GraphErrorRow[] = Object.entries(RULES).map(([codes, rule]) => {
  const [from = codes, to = from] = codes.split('-');
  return { from: Number(from), to: Number(to), rule };
});

/** "Access tokens": what a subcode says about the token. */
const TOKEN_SUBCODES: ReadonlyMap<number, string> = new Map([
  [460, 'token-revoked'],
  [463, 'token-expired'],
]);

/** An object of this id does not exist, or may not be seen with this token. */
const OBJECT_GONE = 33;

const SINGLE = new Map(GRAPH_ERROR_ROWS.filter(({ from, to }) => from === to).map(({ from, rule }) => [from, rule]));
const RANGES = GRAPH_ERROR_ROWS.filter(({ from, to }) => from < to);

/** The rule for a code; a single code goes before the range that it lies in. Null for a code that Meta does not list. */
export const ruleFor = (code: number, subcode: number | null): GraphErrorRule | null => {
  if (code === 190) return park(TOKEN_SUBCODES.get(subcode ?? 0) ?? 'token-invalid');
  if (code === 100 && subcode === OBJECT_GONE) return park('number-not-accessible');
  return SINGLE.get(code) ?? RANGES.find(({ from, to }) => code >= from && code <= to)?.rule ?? null;
};
