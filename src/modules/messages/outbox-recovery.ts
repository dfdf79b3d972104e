import { Inject, Injectable, Logger } from '@nestjs/common';

import { Checkpoints } from '../../platform/lifecycle/checkpoints.js';
import type { ReadySession } from '../sessions/index.js';
import type { StatusChange } from './domain/message-status.js';
import { type LeftBehind, type OpenClaim, OutboxRepository } from './outbox.repository.js';
import { Outgoing } from './outgoing.js';
import { StatusWriter } from './status-writer.js';

const PAGE = 500;
const UNCERTAIN_LIMIT = 200;

const nameOf = ({ id, attempts }: OpenClaim): string => `${id} ${String(attempts)}`;

/** Clears up what an earlier opening or a dead process has left half done, before the session sends anything new. */
@Injectable()
export class OutboxRecovery {
  private readonly logger = new Logger(OutboxRecovery.name);
  private readonly stranded = new Map<string, ReadonlyMap<string, OpenClaim>>();

  constructor(
    private readonly outbox: OutboxRepository,
    private readonly outgoing: Outgoing,
    private readonly status: StatusWriter,
    @Inject(Checkpoints) private readonly checkpoints: Checkpoints,
  ) {}

  get tools(): { readonly outbox: OutboxRepository; readonly outgoing: Outgoing; readonly status: StatusWriter } {
    return { outbox: this.outbox, outgoing: this.outgoing, status: this.status };
  }

  async recover(ready: ReadySession): Promise<void> {
    await this.settleLeftBehind(ready);
    // Not awaited by the sender: asking the provider may take long, and new messages need not wait for it.
    this.askForUncertain(ready).catch((error: unknown) => {
      this.logger.warn({ err: error, sessionId: ready.sessionId }, 'uncertain messages could not be asked for');
    });
  }

  /**
   * Claims whose answer was lost on the way from the database: they are ours, and no engine has ever seen them. Only
   * those that were stranded at the last look as well are freed, because a claim takes a moment to get under way.
   */
  async freeStranded({ sessionId, fence }: ReadySession, underWay: ReadonlySet<string>): Promise<void> {
    const claimed = await this.outbox.findClaimed(sessionId, fence);
    const stranded = new Map(claimed.filter(({ id }) => !underWay.has(id)).map((claim) => [nameOf(claim), claim]));
    const before = this.stranded.get(sessionId) ?? new Map<string, OpenClaim>();
    const free = [...stranded].flatMap(([name, claim]) => (before.has(name) ? claim : []));
    this.stranded.set(sessionId, stranded);
    if (free.length === 0) return;
    this.logger.warn({ sessionId, count: free.length }, 'claims without a sender are given back to the queue');
    await this.outbox.release(
      fence,
      free.filter(({ openAttempt }) => openAttempt === null),
    );
    await Promise.all(
      free.flatMap(({ id, openAttempt }) => {
        if (openAttempt === null) return [];
        const change = { kind: 'not-started' as const, attempt: openAttempt };
        return [this.status.persist({ target: { messageId: id }, change, at: new Date(), retryInMs: 0 })];
      }),
    );
  }

  /** Claimed and not tried: back to the queue. Tried, with no outcome written down: whoever has it may know. */
  private async settleLeftBehind(ready: ReadySession): Promise<void> {
    const { sessionId, fence } = ready;
    for (;;) {
      const left = await this.outbox.findLeftBehind(sessionId, fence, PAGE);
      if (left.length === 0) return;
      this.logger.log({ sessionId, count: left.length }, 'messages of an earlier process are cleared up');
      await this.outbox.requeue(
        fence,
        left.filter(({ attempt }) => attempt === null),
      );
      this.checkpoints.pass('K13');
      await Promise.all(left.map((message) => this.settleTry(ready, message)));
    }
  }

  /** Asked for before what the sender wishes for the uncertain is done: what has arrived is not sent once more. */
  private async settleTry({ handle }: ReadySession, { messageId, attempt, ...left }: LeftBehind): Promise<void> {
    if (attempt === null) return;
    const { providerMessageId } = left;
    // Whoever cannot be asked, or does not know, leaves it open.
    const level = providerMessageId === null ? null : await handle.findMessage(providerMessageId).catch(() => null);
    const reason = 'The process ended while the message was being sent.';
    const change: StatusChange =
      level === null || level === 'FAILED' || providerMessageId === null
        ? { kind: 'uncertain', attempt, reason }
        : { kind: 'reached', level };
    const known = change.kind === 'reached' && providerMessageId !== null && { providerMessageId };
    await this.status.persist({ target: { messageId }, change, at: new Date(), attempt, ...known });
  }

  /** The provider may know what became of a message of which we do not. */
  private async askForUncertain({ sessionId, handle }: ReadySession): Promise<void> {
    for (const { messageId, providerMessageId } of await this.outbox.findUncertain(sessionId, UNCERTAIN_LIMIT)) {
      const level = await handle.findMessage(providerMessageId);
      if (level === null || level === 'FAILED') continue;
      await this.status.persist({ target: { messageId }, change: { kind: 'reached', level }, at: new Date() });
    }
  }
}
