import { nextSend, type PaceRules, remembered } from './domain/pace.js';
import type { PaceRepository } from './pace.repository.js';

/** A forecast that is older is made anew: other processes accept messages too. */
const LIFE_MS = 10_000;

interface Timeline {
  readonly madeAt: number;
  /** When the last messages left and the waiting ones will, oldest first. */
  times: number[];
}

const append = (timeline: Timeline, rules: PaceRules, message: { dueAtMs: number; delayMs: number }): number => {
  const at = Math.max(message.dueAtMs, nextSend(rules, message, timeline.times).untilMs);
  timeline.times.push(at);
  const reach = remembered(rules);
  if (timeline.times.length > 2 * reach) timeline.times = timeline.times.slice(-reach);
  return at;
};

/** When messages will leave, from what has left and what waits; read from the database every few seconds at most. */
export class Forecast {
  private readonly timelines = new Map<string, Promise<Timeline>>();

  constructor(private readonly repository: PaceRepository) {}

  /** When a message that is accepted now is expected to leave; the next one is expected after it. */
  async add(sessionId: string, rules: PaceRules, delayMs: number): Promise<Date> {
    return new Date(append(await this.timelineOf(sessionId, rules), rules, { dueAtMs: Date.now(), delayMs }));
  }

  /** Much has changed at once. */
  forget(sessionId: string): void {
    this.timelines.delete(sessionId);
  }

  private async timelineOf(sessionId: string, rules: PaceRules): Promise<Timeline> {
    const known = await this.timelines.get(sessionId);
    if (known !== undefined && Date.now() - known.madeAt < LIFE_MS) return known;
    const reading = this.read(sessionId, rules);
    this.timelines.set(sessionId, reading);
    reading.catch(() => {
      this.forget(sessionId);
    });
    return reading;
  }

  private async read(sessionId: string, rules: PaceRules): Promise<Timeline> {
    const [sent, waiting] = await Promise.all([
      this.repository.findSent(sessionId, remembered(rules)),
      this.repository.findWaiting(sessionId),
    ]);
    const madeAt = Date.now();
    const timeline: Timeline = { madeAt, times: sent.map((at) => at.getTime()) };
    for (const delayMs of waiting) append(timeline, rules, { dueAtMs: madeAt, delayMs });
    return timeline;
  }
}
