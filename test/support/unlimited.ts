const MANY = '1000000000';

/** Environment of a server that tests ask faster than people would. */
export const UNLIMITED = {
  ...{ REQUESTS_PER_PERSON: MANY, REQUESTS_PER_KEY: MANY, REQUESTS_PER_NETWORK: MANY },
  ...{ SENDS_PER_PERSON: MANY, SENDS_PER_KEY: MANY },
};

/** Settings of a session that sends as fast as it can. */
export const UNPACED = { pacing: { minDelayMs: 0, maxDelayMs: 0, perMinute: null, perDay: null } };
