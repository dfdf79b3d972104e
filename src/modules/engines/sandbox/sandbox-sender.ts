import type { Batcher } from '../../../platform/batching/batcher.js';
import type { Checkpoints } from '../../../platform/lifecycle/checkpoints.js';
import { SendDeferredError, SendRefusedError } from '../engine.errors.js';
import type { SendCommand, SentMessage } from '../engine.port.js';
import { outcomeFor, type RecipientOutcome } from './recipient-outcome.js';
import type { SandboxAcks } from './sandbox-acks.js';
import { type ArrivedContent, isAct, ownTargetsOf, toArrived } from './sandbox-content.js';
import { newSandboxId } from './sandbox-inbox.js';
import type { Arrival, SandboxRepository } from './sandbox.repository.js';

/** How the pretend WhatsApp treats a session; steered by tests and by people who try things out. */
export interface SandboxBehaviour {
  /** Milliseconds before a send is answered. */
  sendDelayMs: number;
  /** That many sends fail before anything has left. */
  failNext: number;
  /** That many sends are swallowed: nothing arrives, and nobody answers. */
  dropNext: number;
}

export interface SandboxTools {
  readonly repository: SandboxRepository;
  readonly arrivals: Batcher<Arrival, undefined>;
  readonly checkpoints: Checkpoints;
  readonly onError: (error: unknown) => void;
}

export interface SandboxLine {
  readonly sessionId: string;
  readonly acks: SandboxAcks;
  /** Throws when nothing can be sent now. */
  requireConnection(): void;
  /** The contact answers. */
  answer(from: string, text: string): void;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Takes messages as WhatsApp would, each contact in its own way. */
export class SandboxSender {
  readonly behaviour: SandboxBehaviour = { sendDelayMs: 0, failNext: 0, dropNext: 0 };

  constructor(
    private readonly line: SandboxLine,
    private readonly tools: SandboxTools,
  ) {}

  async send(command: SendCommand): Promise<SentMessage> {
    const { messageId, to: recipient, content } = command;
    const outcome = this.decide(command);
    if (this.behaviour.sendDelayMs > 0) await pause(this.behaviour.sendDelayMs);
    this.line.requireConnection();
    if (this.behaviour.dropNext > 0) {
      this.behaviour.dropNext -= 1;
      throw new Error('The sandbox swallowed the message.');
    }
    const providerMessageId = command.providerMessageId ?? newSandboxId();
    const { sessionId } = this.line;
    this.tools.checkpoints.pass('K6');
    const arrived = await this.toArrived(command);
    await this.tools.arrivals.add({ sessionId, messageId, providerMessageId, recipient, ...arrived });
    this.tools.checkpoints.pass('K7');
    if (outcome.kind === 'silent') throw new Error('The sandbox took the message and gave no answer.');
    if (outcome.kind === 'arrives' && !isAct(content)) {
      this.line.acks.add(providerMessageId, 1, outcome.depth);
      if (outcome.reply !== undefined) this.line.answer(recipient, outcome.reply);
    }
    return { providerMessageId };
  }

  /** What will happen with this message; throws when it does not even leave. */
  private decide({ to, attempt }: SendCommand): RecipientOutcome {
    this.line.requireConnection();
    if (this.behaviour.failNext > 0) {
      this.behaviour.failNext -= 1;
      throw new SendDeferredError('told-to-fail', 'The sandbox was told to fail.');
    }
    const outcome = outcomeFor(to);
    if (outcome.kind === 'refused') throw new SendRefusedError(outcome.code, outcome.detail);
    if (outcome.kind === 'deferred' && (!outcome.firstTryOnly || attempt === 1)) {
      throw new SendDeferredError(outcome.code, outcome.detail);
    }
    return outcome;
  }

  private async toArrived(command: SendCommand): Promise<ArrivedContent> {
    const arrived = await toArrived(command);
    for (const { providerMessageId } of ownTargetsOf(command)) {
      const target = await this.find(providerMessageId);
      if (target === null) throw new SendRefusedError('target-gone', 'The sandbox does not know that message.');
      if (command.content.type !== 'forward') continue;
      const { type, text, content } = target;
      return { ...arrived, text, content: { ...arrived.content, forwarded: { type, content } } };
    }
    return arrived;
  }

  private async find(providerMessageId: string): Promise<Arrival | null> {
    return this.tools.repository.findByProviderId(this.line.sessionId, providerMessageId).catch((error: unknown) => {
      throw new SendDeferredError('target-not-found', error instanceof Error ? error.message : String(error));
    });
  }
}
