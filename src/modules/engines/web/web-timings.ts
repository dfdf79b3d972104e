/** The limits of time that the engine sets itself; every one ends in a rejection or a report, never in silence. */
export interface WebTimings {
  /** From the start of the browser until WhatsApp's page has shown where it stands; the caller's signal may be shorter. */
  readonly openMs: number;
  /** Until the page has loaded WhatsApp's program. */
  readonly programMs: number;
  /** Until a page that is linked, or was reloaded, must be ready. */
  readonly readyMs: number;
  /** For one call into the page that needs no server. */
  readonly callMs: number;
  /** For one call into the page that waits for WhatsApp's server. */
  readonly lookupMs: number;
  /** Until a message can be handed over: the state asked for, the number looked up, the chat opened. */
  readonly prepareMs: number;
  /** From the hand-over of a message until WhatsApp must have it. */
  readonly ackMs: number;
  readonly closeMs: number;
  readonly logoutMs: number;
  readonly catchUpMs: number;
  /** To fetch one file. */
  readonly mediaMs: number;
}
export const WebTimings = Symbol('WebTimings');

export const DEFAULT_WEB_TIMINGS: WebTimings = {
  openMs: 180_000,
  programMs: 60_000,
  readyMs: 120_000,
  callMs: 10_000,
  lookupMs: 6_000,
  // Both together stay below the outbox's own limit for an attempt.
  prepareMs: 7_000,
  ackMs: 11_000,
  closeMs: 5_000,
  logoutMs: 10_000,
  catchUpMs: 60_000,
  mediaMs: 120_000,
};
