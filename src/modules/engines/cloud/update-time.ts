import type { UpdateTime } from './cloud-update.js';
import { MalformedUpdateError } from './malformed-update.js';
import { type JsonRecord, numberAt, valueAt } from './untrusted-json.js';

const SECOND_MS = 1_000;
/** Meta delivers in seconds; what is older was repeated. */
const LATE_AFTER_MS = 15 * 60 * SECOND_MS;
/** By how much clocks may differ. */
const AHEAD_AT_MOST_MS = 5 * 60 * SECOND_MS;
/** The end of the year 9999. */
const LAST_SECOND = 253_402_300_799;

/** Unix seconds, as text or as a number; null for what is none. */
export const dateAt = (record: JsonRecord | null, name: string): Date | null => {
  const seconds = numberAt(record, name);
  return seconds === null || seconds < 0 || seconds > LAST_SECOND ? null : new Date(Math.trunc(seconds) * SECOND_MS);
};

/** When it happened. However old or early that is, it is accepted and says so. */
export const timeOf = (record: JsonRecord, now: Date, name = 'timestamp'): UpdateTime => {
  const written = valueAt(record, name);
  if (written === undefined || written === null) return { at: now, timing: 'absent' };
  const at = dateAt(record, name);
  if (at === null) throw new MalformedUpdateError(`${name} is no time`);
  const ageMs = now.getTime() - at.getTime();
  if (ageMs > LATE_AFTER_MS) return { at, timing: 'late' };
  return { at, timing: ageMs < -AHEAD_AT_MOST_MS ? 'future' : 'usual' };
};
