const DAY_MS = 86_400_000;

/** The day in which quotas are counted: UTC, so that it is the same for everybody. */
export interface Day {
  readonly name: string;
  readonly start: Date;
  readonly endsInMs: number;
}

export const dayOf = (now: Date): Day => {
  const startMs = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const start = new Date(startMs);
  return { name: start.toISOString().slice(0, 10), start, endsInMs: startMs + DAY_MS - now.getTime() };
};
