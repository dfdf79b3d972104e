import { Injectable } from '@nestjs/common';

import { ContentGoneError, ContentLoader, type LoadedContent } from './content-loader.js';
import type { StatusChange } from './domain/message-status.js';
import type { ClaimedMessage } from './outbox.repository.js';
import { OutgoingRepository, type OutgoingMessage } from './outgoing.repository.js';

/** A claimed message with all that its send needs. */
export interface OutgoingSend extends ClaimedMessage, LoadedContent {}

export interface GivenUp {
  readonly id: string;
  readonly change: StatusChange;
}

const giveUp = (id: string, status: 'FAILED' | 'EXPIRED', code: string, detail: string): GivenUp => ({
  id,
  change: { kind: 'given-up', status, code, detail, isClaimed: true },
});

/** The last look at a message before it leaves: what has changed since it was accepted is honoured here. */
@Injectable()
export class Outgoing {
  constructor(
    private readonly messages: OutgoingRepository,
    private readonly loader: ContentLoader,
  ) {}

  async prepare(
    claimed: readonly ClaimedMessage[],
  ): Promise<{ readonly sends: readonly OutgoingSend[]; readonly givenUp: readonly GivenUp[] }> {
    const found = await this.messages.find(claimed.map(({ id }) => id));
    const sends: OutgoingSend[] = [];
    const givenUp: GivenUp[] = [];
    for (const claim of claimed) {
      const message = found.get(claim.id);
      if (message === undefined) continue;
      const outcome = this.findObstacle(message) ?? (await this.load(claim, message));
      if ('change' in outcome) givenUp.push(outcome);
      else sends.push(outcome);
    }
    return { sends, givenUp };
  }

  private findObstacle({ id, isExpired, isOptedOut }: OutgoingMessage): GivenUp | null {
    if (isExpired) return giveUp(id, 'EXPIRED', 'expired', 'It was not sent before its time was over.');
    if (isOptedOut) return giveUp(id, 'FAILED', 'recipient-opted-out', 'The recipient wants no messages.');
    return null;
  }

  private async load(claim: ClaimedMessage, message: OutgoingMessage): Promise<OutgoingSend | GivenUp> {
    try {
      return { ...claim, ...(await this.loader.load(message)) };
    } catch (error) {
      if (error instanceof ContentGoneError) return giveUp(claim.id, 'FAILED', 'content-gone', error.message);
      throw error;
    }
  }
}
