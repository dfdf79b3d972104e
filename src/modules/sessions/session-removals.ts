import { Injectable } from '@nestjs/common';

/** Removes what a feature keeps of a session; safe to repeat, because an interrupted removal is begun again. */
export type RemoveOfSession = (sessionId: string) => Promise<void>;

/** Where the features above announce what goes with a session. */
@Injectable()
export class SessionRemovals {
  private readonly steps: RemoveOfSession[] = [];

  /** Steps run in the reverse order of their announcement: what stands higher goes first. */
  add(step: RemoveOfSession): void {
    this.steps.unshift(step);
  }

  async run(sessionId: string): Promise<void> {
    for (const step of this.steps) await step(sessionId);
  }
}
