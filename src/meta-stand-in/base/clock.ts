const MS_PER_SECOND = 1000;

/** The time of the stand-in: the machine's, moved forward on demand. */
export class StandInClock {
  private aheadMs = 0;

  nowMs(): number {
    return Date.now() + this.aheadMs;
  }

  seconds(): number {
    return Math.floor(this.nowMs() / MS_PER_SECOND);
  }

  advance(ms: number): void {
    this.aheadMs += ms;
  }

  reset(): void {
    this.aheadMs = 0;
  }
}
