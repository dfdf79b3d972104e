import { booleanOf, isRecord, type Json, numberOf, recordOf } from '../base/json.js';

/**
 * What a test may change while the stand-in runs. Durations are in milliseconds; where Meta documents a value, it is
 * the default ("Cloud API, Throughput", "Overview, Rate limits", "Webhooks").
 */
const DEFAULT_BEHAVIOUR = {
  /** Before a request is looked at. */
  latencyMs: 0,
  /** Added to it by chance. */
  jitterMs: 0,
  /** Between taking a message and answering: statuses may arrive first. */
  answerDelayMs: 0,
  /** Messages a second and number; 0: no limit. */
  throughputPerSecond: 80,
  /** One message to the same person in this time; 0: no limit. */
  pairEveryMs: 6000,
  pairBurst: 45,
  /** Calls an hour and account that manage it; 0: no limit. */
  managementPerHour: 5000,
  /** After 24 hours without a word from the person only templates are delivered. */
  isWindowEnforced: true,
  /** Whether only the recipients of `allowedRecipients` may be written to, as with a test number. */
  isAllowListEnforced: false,
  /** Whether media given as a link is fetched. */
  areLinksFetched: false,
  /** How long a new or edited template is reviewed; negative: until the control API decides. */
  templateReviewMs: 50,
  mediaUrlMs: 300_000,
  /** Before 24 each status has a `conversation` of its own. */
  webhookVersion: 25,
  /** Numbers of Brazil, Mexico and Argentina are answered in the form that WhatsApp has of them. */
  areNumbersRewritten: true,
  webhook: {
    /** How long updates are gathered for one notification; 0: each goes alone. */
    gatherMs: 0,
    maxUpdates: 1000,
    /** How what was gathered lies in a notification: an entry each, a change each, or arrays of one value. */
    shape: 'value' as 'entry' | 'change' | 'value',
    isShuffled: false,
    /** The probability that a notification which was taken comes again. */
    duplicateProbability: 0,
    isPaused: false,
    concurrency: 10,
    timeoutMs: 20_000,
    retryFirstMs: 1000,
    retryFactor: 2,
    retryMaxMs: 3_600_000,
    giveUpAfterMs: 604_800_000,
    maxPending: 20_000,
    /** Whether JSON is written as Meta does: ASCII only, and `/` with a backslash. */
    isEscaped: true,
  },
};

export type Behaviour = typeof DEFAULT_BEHAVIOUR;

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  number: (value) => numberOf(value) !== undefined,
  boolean: (value) => booleanOf(value) !== undefined,
  // The only setting that is a word.
  string: (value) => value === 'entry' || value === 'change' || value === 'value',
  object: isRecord,
};

/** Puts the changes into the settings, or says which of them it does not know. */
export const changeSettings = (settings: Json, changes: Json, path = ''): string[] =>
  Object.entries(changes).flatMap(([name, value]) => {
    const known = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (known === undefined || KINDS[typeof known]?.(value) !== true) return [`${path}${name}`];
    if (isRecord(known)) return changeSettings(known, recordOf(value), `${path}${name}.`);
    settings[name] = value;
    return [];
  });

/** The defaults with these changes; throws a sentence when one of them is none. */
export const startingBehaviour = (changes: Json): Behaviour => {
  const settings = structuredClone(DEFAULT_BEHAVIOUR);
  const unknown = changeSettings(settings, changes);
  if (unknown.length > 0) throw new Error(describeUnknown(unknown));
  return settings;
};

export const describeUnknown = (names: readonly string[]): string => `Unknown or of another type: ${names.join(', ')}.`;
