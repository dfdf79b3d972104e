/** Where the time comes from; tests bring their own. */
export interface Clock {
  now(): Date;
}

/** DI token; shares its name with the interface. */
export const Clock = Symbol('Clock');

export const systemClock: Clock = { now: () => new Date() };
