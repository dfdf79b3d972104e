import { createHash, timingSafeEqual } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import { CloudNumbers } from './cloud-numbers.js';
import { WebhookNotVerifiedError } from './cloud.errors.js';

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Equal or not takes the same time, whatever the lengths. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digestOf(one), digestOf(other));

export interface Handshake {
  readonly mode: string | undefined;
  readonly verifyToken: string | undefined;
  readonly challenge: string | undefined;
}

/** "Create a webhook endpoint": Meta shows the verify token and wants its challenge back as it is. */
@Injectable()
export class CloudHandshake {
  constructor(private readonly numbers: CloudNumbers) {}

  /** The challenge; throws unless the token is one of ours, or that of the session where one is named. */
  async answer({ mode, verifyToken: token, challenge }: Handshake, sessionId: string | null): Promise<string> {
    if (mode !== 'subscribe' || token === undefined || challenge === undefined) throw new WebhookNotVerifiedError();
    const numbers = (await this.numbers.all()).filter((number) => sessionId === null || number.sessionId === sessionId);
    const matching = numbers.filter(({ verifyToken }) => isSame(token, verifyToken));
    if (matching.length === 0) throw new WebhookNotVerifiedError();
    return challenge;
  }
}
