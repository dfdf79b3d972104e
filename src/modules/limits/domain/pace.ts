/** How fast a session may send; the shape of its settings. */
export interface PaceRules {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  readonly perMinute: number | null;
  readonly perDay: number | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const isPaced = ({ maxDelayMs, perMinute, perDay }: PaceRules): boolean =>
  maxDelayMs > 0 || perMinute !== null || perDay !== null;

/** A pause between the two, both included; `random` gives a number from 0 to below 1. */
export const drawDelay = ({ minDelayMs, maxDelayMs }: PaceRules, random: () => number = Math.random): number =>
  minDelayMs + Math.floor(random() * (maxDelayMs - minDelayMs + 1));

export type Ceiling = 'per-minute' | 'per-day';

export const windowMsOf = (ceiling: Ceiling): number => (ceiling === 'per-day' ? DAY_MS : MINUTE_MS);

export interface Wait {
  readonly untilMs: number;
  /** The ceiling that makes it wait; null for the ordinary pause. */
  readonly ceiling: Ceiling | null;
}

/** How many of the last sends these rules look at. */
export const remembered = ({ perMinute, perDay }: PaceRules): number => Math.max(1, perMinute ?? 0, perDay ?? 0);

/** The oldest of the last `ceiling` sends must have left the window. */
const freeAt = (sentAtMs: readonly number[], ceiling: number | null, windowMs: number): number => {
  if (ceiling === null || sentAtMs.length < ceiling) return 0;
  return (sentAtMs.at(-ceiling) ?? 0) + windowMs;
};

/**
 * When the next message may leave: its own pause after it became due and after the one before, and with room under both
 * ceilings. `sentAtMs` are the times of the last sends, oldest first.
 */
export const nextSend = (
  rules: PaceRules,
  { dueAtMs, delayMs }: { readonly dueAtMs: number; readonly delayMs: number },
  sentAtMs: readonly number[],
): Wait => {
  const pause = Math.max(dueAtMs, sentAtMs.at(-1) ?? 0) + delayMs;
  const minute = freeAt(sentAtMs, rules.perMinute, MINUTE_MS);
  const day = freeAt(sentAtMs, rules.perDay, DAY_MS);
  const untilMs = Math.max(pause, minute, day);
  if (untilMs === pause) return { untilMs, ceiling: null };
  return { untilMs, ceiling: untilMs === day ? 'per-day' : 'per-minute' };
};
