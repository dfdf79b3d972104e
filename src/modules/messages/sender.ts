import { Logger } from '@nestjs/common';

import { SendDeferredError, SendRefusedError, type SentMessage, SessionNotConnectedError } from '../engines/index.js';
import type { SessionPace } from '../limits/index.js';
import type { ReadySession } from '../sessions/index.js';
import type { StatusChange } from './domain/message-status.js';
import type { ClaimedMessage } from './outbox.repository.js';
import type { OutgoingSend } from './outgoing.js';
import type { SenderTools } from './sender-tools.js';
import type { ReportedChange } from './status-writer.js';

const CLAIM_AT_MOST = 100;
const REACHED: StatusChange = { kind: 'reached', level: 'SENT' };

/** A send that took longer than its try may take; its answer may still come. */
class AttemptTimeoutError extends Error {}

/** Sends what is due on one opened session, as many at once as its engine allows. */
export class Sender {
  private readonly logger = new Logger(Sender.name);
  private readonly inFlight = new Set<Promise<void>>();
  private readonly stopped = new AbortController();
  private pumping: Promise<void> | undefined;
  private again = false;
  private pace: SessionPace | undefined;

  constructor(
    readonly session: ReadySession,
    private readonly parallelSends: number,
    private readonly tools: SenderTools,
  ) {}

  get isStopped(): boolean {
    return this.stopped.signal.aborted;
  }

  /** Looks for due messages now; calls while it looks become one more look. */
  wake(): void {
    if (this.isStopped) return;
    if (this.pumping !== undefined) {
      this.again = true;
      return;
    }
    this.pumping = this.pump().finally(() => {
      this.pumping = undefined;
      if (!this.again) return;
      this.again = false;
      this.wake();
    });
  }

  /** Claims nothing more, and waits for what is under way, at most for the grace. */
  async stop(graceMs: number): Promise<void> {
    this.stopped.abort();
    const grace = new Promise((resolve) => setTimeout(resolve, graceMs).unref());
    await Promise.race([this.pumping, grace]);
    await Promise.race([Promise.all(this.inFlight), grace]);
  }

  private async pump(): Promise<void> {
    try {
      for (;;) {
        const free = this.parallelSends - this.inFlight.size;
        if (free <= 0 || this.isStopped) return;
        const limit = await this.allowance(Math.min(free, CLAIM_AT_MOST));
        if (limit === 0) return;
        const claimed = await this.claim(limit);
        if (claimed === 0) return;
      }
    } catch (error) {
      const { sessionId } = this.session;
      this.logger.warn({ err: error, sessionId }, 'due messages could not be claimed; the next look tries again');
    }
  }

  /** How many may leave now. On a paced session it is one, and that one at its time. */
  private async allowance(limit: number): Promise<number> {
    const { pacer } = this.tools;
    const { sessionId } = this.session;
    const rulesNow = (): ReturnType<typeof pacer.rulesOf> => pacer.rulesOf(sessionId);
    if ((await rulesNow()) === null) return limit;
    if (this.inFlight.size > 0) return 0;
    this.pace ??= pacer.paceOf(sessionId);
    if (!(await this.pace.untilFree(rulesNow, this.stopped.signal))) return (await rulesNow()) === null ? limit : 0;
    this.pace.note();
    return 1;
  }

  private async claim(limit: number): Promise<number> {
    const { outbox, checkpoints } = this.tools;
    const { sessionId, fence, handle } = this.session;
    const claimed = await outbox.claim(sessionId, fence, limit);
    if (claimed.length === 0) return 0;
    checkpoints.pass('K4');
    const messages = await this.prepare(claimed);
    if (this.isStopped) {
      await outbox.release(fence, messages);
      return 0;
    }
    const named = messages.map(({ id, to }) => ({ id, providerMessageId: handle.newMessageId(to) }));
    const attempts = await this.begin(named);
    checkpoints.pass('K5');
    for (const [index, message] of messages.entries()) {
      const attempt = attempts.get(message.id);
      if (attempt !== undefined) this.launch(message, attempt, named[index]?.providerMessageId ?? null);
    }
    return claimed.length;
  }

  /** What can leave; what cannot any more is written down as given up. */
  private async prepare(claimed: readonly ClaimedMessage[]): Promise<readonly OutgoingSend[]> {
    const { outbox, outgoing, status } = this.tools;
    try {
      const { sends, givenUp } = await outgoing.prepare(claimed);
      const at = new Date();
      await Promise.all(
        givenUp.map(({ id, change }) => status.persist({ target: { messageId: id }, change, at }, this.tools.until)),
      );
      return sends;
    } catch (error) {
      await outbox.release(this.session.fence, claimed);
      throw error;
    }
  }

  /** The number of the try of each message that is still ours to send; those are under way from here on. */
  private async begin(
    named: readonly { readonly id: string; readonly providerMessageId: string | null }[],
  ): Promise<ReadonlyMap<string, number>> {
    const { outbox, underWay } = this.tools;
    for (const { id } of named) underWay.add(id);
    const attempts = new Map<string, number>();
    try {
      for (const { messageId, attempt } of await outbox.beginAttempts(this.session.fence, named)) {
        attempts.set(messageId, attempt);
      }
    } finally {
      for (const { id } of named) if (!attempts.has(id)) underWay.delete(id);
    }
    return attempts;
  }

  private launch(message: OutgoingSend, attempt: number, providerMessageId: string | null): void {
    // It may have been closed between the claim and here: then nothing has left.
    const work = this.isStopped ? this.giveBack(message, attempt) : this.send(message, attempt, providerMessageId);
    this.track(message.id, work);
  }

  private giveBack({ id }: ClaimedMessage, attempt: number): Promise<boolean> {
    const change: StatusChange = { kind: 'not-started', attempt };
    return this.store({ target: { messageId: id }, change, at: new Date(), retryInMs: 0 });
  }

  private track(messageId: string, work: Promise<boolean>): void {
    const tracked = work.then((isStored) => {
      this.inFlight.delete(tracked);
      // What could not be stored stays under way: nobody in this process may take it for unsent.
      if (isStored) this.tools.underWay.delete(messageId);
      // Looking once half of the places are free keeps the claims in sets.
      if (this.inFlight.size <= this.parallelSends / 2) this.wake();
    });
    this.inFlight.add(tracked);
  }

  private async send(message: OutgoingSend, attempt: number, providerMessageId: string | null): Promise<boolean> {
    const { to, content, quoted, id } = message;
    const answer = this.session.handle.send({ messageId: id, attempt, providerMessageId, to, content, quoted });
    const outcome = await this.withinTime(answer).then(
      (sent): Pick<ReportedChange, 'change' | 'providerMessageId'> => {
        this.tools.checkpoints.pass('K8');
        return { change: REACHED, providerMessageId: sent.providerMessageId };
      },
      (error: unknown): Pick<ReportedChange, 'change' | 'retryInMs'> => {
        if (error instanceof AttemptTimeoutError) this.listenOn(answer, id, attempt);
        const retryInMs = error instanceof SendDeferredError ? error.retryInMs : undefined;
        return { change: this.toChange(error, attempt), ...(retryInMs !== undefined && { retryInMs }) };
      },
    );
    return this.store({ target: { messageId: id }, at: new Date(), attempt, ...outcome });
  }

  private async store(change: ReportedChange & { readonly target: { readonly messageId: string } }): Promise<boolean> {
    try {
      await this.tools.status.persist(change, this.tools.until);
      return true;
    } catch (error) {
      // The process ends without the database: the try stands open there, and the next owner calls it uncertain.
      this.logger.error(
        { err: error, messageId: change.target.messageId },
        'the outcome of a send could not be stored',
      );
      return false;
    }
  }

  private toChange(error: unknown, attempt: number): StatusChange {
    if (error instanceof SendRefusedError) {
      return { kind: 'refused', attempt, code: error.reasonCode, detail: error.message };
    }
    // The session could send nothing at all: that is no failure of this message, however long it lasts.
    if (error instanceof SessionNotConnectedError) return { kind: 'not-started', attempt, code: error.reasonCode };
    if (error instanceof SendDeferredError) {
      return { kind: 'deferred', attempt, code: error.reasonCode, detail: error.message };
    }
    const reason =
      error instanceof AttemptTimeoutError
        ? 'The engine gave no answer in time.'
        : 'The engine failed after the message may have left.';
    return { kind: 'uncertain', attempt, reason };
  }

  /** An answer that comes after its time is still the truth. */
  private listenOn(answer: Promise<SentMessage>, messageId: string, attempt: number): void {
    answer
      .then(({ providerMessageId }) => {
        const change = { target: { messageId }, change: REACHED, at: new Date(), attempt, providerMessageId };
        return this.tools.status.persist(change, this.tools.until);
      })
      .catch((error: unknown) => {
        this.logger.debug({ err: error, messageId }, 'a late answer was a failure: the message stays uncertain');
      });
  }

  private async withinTime(answer: Promise<SentMessage>): Promise<SentMessage> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new AttemptTimeoutError());
      }, this.tools.attemptTimeoutMs);
    });
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}
