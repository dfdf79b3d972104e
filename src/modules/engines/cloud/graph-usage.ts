import { asRecord, numberAt } from './untrusted-json.js';

type Headers = Readonly<Record<string, string | undefined>>;

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

const parsed = (header: string | undefined): unknown => {
  if (header === undefined) return null;
  try {
    return JSON.parse(header);
  } catch {
    // The header is a courtesy; without it the wait follows from the error alone.
    return null;
  }
};

/** "Rate limits": `{"<business id>": [{…, "estimated_time_to_regain_access": <minutes>}]}`. */
const businessUseCaseMs = (header: string | undefined): readonly number[] =>
  Object.values(asRecord(parsed(header)) ?? {})
    .flat()
    .flatMap((usage) => numberAt(asRecord(usage), 'estimated_time_to_regain_access') ?? [])
    .map((minutes) => minutes * MINUTE_MS);

/**
 * In how many milliseconds calls are allowed again, as far as the headers of an answer tell (names in lower case);
 * null when they tell nothing.
 */
export const regainInMs = (headers: Headers): number | null => {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  const told = [...businessUseCaseMs(headers['x-business-use-case-usage']), seconds * SECOND_MS];
  const waits = told.filter((waitMs) => Number.isFinite(waitMs) && waitMs > 0);
  return waits.length === 0 ? null : Math.max(...waits);
};

/** How much of the app's hourly calls is used up, in percent, by the highest of Meta's three counts; null if untold. */
export const appUsage = (headers: Headers): number | null => {
  const usage = asRecord(parsed(headers['x-app-usage']));
  const counts = ['call_count', 'total_time', 'total_cputime'].flatMap((name) => numberAt(usage, name) ?? []);
  return counts.length === 0 ? null : Math.max(...counts);
};
