import type { EngineName } from './session.js';

/** How fast a session may send. Pauses in milliseconds; null for no ceiling. */
export interface Pacing {
  /** Before each message a random pause between the two. */
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  readonly perMinute: number | null;
  readonly perDay: number | null;
}

export interface AutoReplyRule {
  /** Matched without regard to case and accents. */
  readonly keywords: readonly string[];
  readonly match: 'exact' | 'contains';
  readonly reply: string;
}

export interface AutoReplies {
  readonly mode: 'off' | 'echo' | 'rules';
  readonly rules: readonly AutoReplyRule[];
}

/** Days after which something is removed; null keeps it. */
export interface Retention {
  readonly messageDays: number | null;
  readonly mediaDays: number | null;
}

export interface SessionSettings {
  readonly pacing: Pacing;
  readonly autoReplies: AutoReplies;
  readonly retention: Retention;
  /** Messages that are accepted for it in a day (UTC); null for as many as its pace lets through. */
  readonly dailyQuota: number | null;
  /** A message that was sent and not delivered by then is UNCONFIRMED. */
  readonly confirmTimeoutSeconds: number;
}

/** What is stored: only what differs from the defaults of the engine. */
export type StoredSettings = {
  readonly [K in keyof SessionSettings]?: SessionSettings[K] extends object
    ? Partial<SessionSettings[K]>
    : SessionSettings[K];
};

const UNPACED: Pacing = { minDelayMs: 0, maxDelayMs: 0, perMinute: null, perDay: null };

/** A web number is a person's: it sends like one (2 to 10 s between messages, 20 a minute, 1,000 a day). */
const PACING: Readonly<Record<EngineName, Pacing>> = {
  web: { minDelayMs: 2000, maxDelayMs: 10_000, perMinute: 20, perDay: 1000 },
  cloud: UNPACED,
  sandbox: UNPACED,
};

/** A phone may be off for a while; what nobody has by then deserves a look. */
export const DEFAULT_CONFIRM_TIMEOUT_SECONDS = 600;

export const settingsOf = (engine: EngineName, stored: StoredSettings): SessionSettings => ({
  pacing: { ...PACING[engine], ...stored.pacing },
  autoReplies: { mode: 'off', rules: [], ...stored.autoReplies },
  retention: { messageDays: null, mediaDays: 30, ...stored.retention },
  dailyQuota: stored.dailyQuota ?? null,
  confirmTimeoutSeconds: stored.confirmTimeoutSeconds ?? DEFAULT_CONFIRM_TIMEOUT_SECONDS,
});

/** Settings that are given replace theirs one by one; the others stay. */
export const mergeSettings = (stored: StoredSettings, given: StoredSettings): StoredSettings => ({
  ...stored,
  ...given,
  ...(given.pacing && { pacing: { ...stored.pacing, ...given.pacing } }),
  ...(given.autoReplies && { autoReplies: { ...stored.autoReplies, ...given.autoReplies } }),
  ...(given.retention && { retention: { ...stored.retention, ...given.retention } }),
});

/** What fits each by itself and not together; by the path within the settings. */
export const findSettingsTroubles = (
  engine: EngineName,
  stored: StoredSettings,
): readonly { readonly path: string; readonly detail: string }[] => {
  const { pacing, autoReplies } = settingsOf(engine, stored);
  const troubles = [];
  if (pacing.minDelayMs > pacing.maxDelayMs) {
    troubles.push({ path: 'pacing/minDelayMs', detail: 'minDelayMs must not be more than maxDelayMs' });
  }
  if (autoReplies.mode === 'rules' && autoReplies.rules.length === 0) {
    troubles.push({ path: 'autoReplies/rules', detail: 'at least one rule is needed' });
  }
  return troubles;
};
