import { randomBytes } from 'node:crypto';

import { phoneDigits, type PhoneNumber } from '../../../kernel/phone-number.js';
import type { Recipient } from '../../../kernel/recipient.js';
import type { Batcher } from '../../../platform/batching/batcher.js';
import type { Checkpoints } from '../../../platform/lifecycle/checkpoints.js';
import type { DownloadedMedia } from '../engine.content.js';
import { SendDeferredError, SendRefusedError, SessionNotConnectedError } from '../engine.errors.js';
import type {
  AckLevel,
  Contact,
  EngineHandle,
  EngineReports,
  Group,
  InboundChange,
  InboundMessage,
  LossCause,
  NumberCheck,
  Profile,
  SendCommand,
  SentMessage,
  TypingState,
} from '../engine.port.js';
import { outcomeFor, type RecipientOutcome } from './recipient-outcome.js';
import { isAct, toArrived } from './sandbox-content.js';
import { newSandboxId, SandboxInbox, type WrittenMessage } from './sandbox-inbox.js';
import { groupsOf, isRegistered, profileOf, SANDBOX_CONTACTS, toPhone } from './sandbox-people.js';
import { SandboxAcks } from './sandbox-acks.js';
import { SandboxQr } from './sandbox-qr.js';
import type { Arrival, SandboxRepository } from './sandbox.repository.js';

const REPLY_AFTER_MS = 1000;
const REPLAY_PAGE = 1000;
const REMEMBERED_ACTIONS = 100;
const ACK_NAMES: readonly AckLevel[] = ['SENT', 'SENT', 'DELIVERED', 'READ'];

/** How the pretend WhatsApp treats a session; steered by tests and by people who try things out. */
export interface SandboxBehaviour {
  /** Milliseconds before a send is answered. */
  sendDelayMs: number;
  /** That many sends fail before anything has left. */
  failNext: number;
  /** That many sends are swallowed: nothing arrives, and nobody answers. */
  dropNext: number;
}

/** Something that a contact sees without a message. */
export interface SandboxAction {
  readonly what: 'read' | TypingState;
  readonly chat: Recipient;
  readonly at: Date;
}

export interface SandboxTools {
  readonly repository: SandboxRepository;
  readonly arrivals: Batcher<Arrival, undefined>;
  readonly checkpoints: Checkpoints;
  readonly onError: (error: unknown) => void;
}

/** One open sandbox session: the linked device, and the phone and the contacts that tests play. */
export class SandboxHandle implements EngineHandle {
  readonly behaviour: SandboxBehaviour = { sendDelayMs: 0, failNext: 0, dropNext: 0 };
  readonly acks: SandboxAcks;
  /** What was done that leaves no message, newest last. */
  readonly actions: SandboxAction[] = [];
  private readonly code: SandboxQr;
  private readonly inbox: SandboxInbox;
  private pairing: { readonly phone: PhoneNumber; readonly code: string } | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();
  private isOpen = true;
  private phone: PhoneNumber | null = null;

  constructor(
    readonly sessionId: string,
    private readonly reports: EngineReports,
    private readonly tools: SandboxTools,
    private readonly onClosed: (handle: SandboxHandle) => void,
  ) {
    this.inbox = new SandboxInbox(sessionId, reports, tools.repository);
    this.acks = new SandboxAcks(sessionId, reports, tools.repository, tools.onError);
    this.code = new SandboxQr(sessionId, (text) => {
      this.reports.qr(text);
    });
  }

  async begin(): Promise<void> {
    const phone = await this.tools.repository.findPhone(this.sessionId);
    if (phone === null) this.code.renew();
    else await this.connect(phone);
  }

  /** The pretend phone scans the code that is shown. */
  async scan(phone: PhoneNumber): Promise<void> {
    this.code.stop();
    await this.tools.repository.link(this.sessionId, phone);
    await this.connect(phone);
  }

  get isLinked(): boolean {
    return this.phone !== null;
  }

  async send(command: SendCommand): Promise<SentMessage> {
    const outcome = this.decide(command);
    if (this.behaviour.sendDelayMs > 0) await this.pause(this.behaviour.sendDelayMs);
    this.requireConnection();
    if (this.behaviour.dropNext > 0) {
      this.behaviour.dropNext -= 1;
      throw new Error('The sandbox swallowed the message.');
    }
    const providerMessageId = command.providerMessageId ?? this.newMessageId();
    this.tools.checkpoints.pass('K6');
    const { messageId, to: recipient } = command;
    const arrived = await toArrived(command);
    await this.tools.arrivals.add({ sessionId: this.sessionId, messageId, providerMessageId, recipient, ...arrived });
    this.tools.checkpoints.pass('K7');
    if (outcome.kind === 'silent') throw new Error('The sandbox took the message and gave no answer.');
    if (outcome.kind === 'arrives' && !isAct(command.content)) {
      this.acks.add(providerMessageId, 1, outcome.depth);
      if (outcome.reply !== undefined) this.replyLater(command.to, outcome.reply);
    }
    return { providerMessageId };
  }

  newMessageId(): string {
    return newSandboxId();
  }

  async findMessage(providerMessageId: string): Promise<AckLevel | null> {
    const arrival = await this.tools.repository.findByProviderId(this.sessionId, providerMessageId);
    if (arrival === null || outcomeFor(arrival.recipient).kind === 'silent') return null;
    return ACK_NAMES[arrival.ack] ?? 'SENT';
  }

  requestPairingCode(phone: PhoneNumber): Promise<string> {
    this.pairing = { phone, code: randomBytes(4).toString('hex').toUpperCase() };
    return Promise.resolve(this.pairing.code);
  }

  checkNumber(phone: PhoneNumber): Promise<NumberCheck> {
    const found = isRegistered(phone);
    return Promise.resolve({ isRegistered: found, whatsappId: found ? `${phoneDigits(phone)}@sandbox` : null });
  }

  downloadMedia(providerMessageId: string): Promise<DownloadedMedia | null> {
    return Promise.resolve(this.inbox.download(providerMessageId));
  }

  markRead(chat: Recipient): Promise<void> {
    return this.act('read', chat);
  }

  setTyping(chat: Recipient, state: TypingState): Promise<void> {
    return this.act(state, chat);
  }

  profile(phone: PhoneNumber | null): Promise<Profile> {
    return Promise.resolve(profileOf(phone ?? this.phone ?? ''));
  }

  contacts(): Promise<readonly Contact[]> {
    return Promise.resolve(SANDBOX_CONTACTS);
  }

  groups(): Promise<readonly Group[]> {
    return Promise.resolve(groupsOf(this.phone ?? ''));
  }

  refreshQr(): Promise<void> {
    if (!this.isLinked && this.isOpen) this.code.renew();
    return Promise.resolve();
  }

  probe(): Promise<void> {
    return this.isOpen ? Promise.resolve() : Promise.reject(new Error('The sandbox session is closed.'));
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.code.stop();
    for (const timer of this.timers) clearTimeout(timer);
    this.onClosed(this);
    await this.acks.stop();
  }

  async logout(): Promise<void> {
    await this.tools.repository.unlink(this.sessionId);
    await this.close();
  }

  /** A contact writes. */
  receive(message: WrittenMessage): Promise<InboundMessage> {
    return this.inbox.deliver(message, this.phone);
  }

  /** A contact changes what was written, reacts to it, or calls. */
  change(change: InboundChange): Promise<void> {
    return this.reports.changed(change);
  }

  /** The owner types the code into the pretend phone; false when it is another one. */
  async pair(code: string): Promise<boolean> {
    if (this.pairing?.code !== code) return false;
    await this.scan(this.pairing.phone);
    return true;
  }

  /** The connection breaks, or the phone removes this device. */
  async drop(cause: LossCause, reason: string): Promise<void> {
    if (cause !== 'connection') await this.tools.repository.unlink(this.sessionId);
    await this.close();
    this.reports.lost({ cause, reason });
  }

  private act(what: SandboxAction['what'], chat: Recipient): Promise<void> {
    this.requireConnection();
    if (this.actions.length >= REMEMBERED_ACTIONS) this.actions.shift();
    this.actions.push({ what, chat, at: new Date() });
    return Promise.resolve();
  }

  /** What will happen with this message; throws when it does not even leave. */
  private decide({ to, attempt }: SendCommand): RecipientOutcome {
    this.requireConnection();
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

  private async connect(phone: string): Promise<void> {
    const linked = toPhone(phone);
    this.phone = linked;
    await this.replayAcks();
    this.acks.start();
    // Last: whoever hears that it is ready sends at once, and needs the handle that is returned next.
    this.reports.authenticated();
    this.reports.ready({ phone: linked, name: 'Sandbox' });
    this.inbox.catchUp(linked).catch(this.tools.onError);
  }

  /** What arrived before the last end and was not acknowledged to the end goes on from there. */
  private async replayAcks(): Promise<void> {
    let after = 0n;
    for (;;) {
      const page = await this.tools.repository.findUnacknowledged(this.sessionId, after, REPLAY_PAGE);
      for (const { providerMessageId, recipient, ack } of page) {
        const outcome = outcomeFor(recipient);
        if (outcome.kind === 'arrives') this.acks.add(providerMessageId, ack, outcome.depth);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < REPLAY_PAGE || !this.isOpen) return;
      after = last.id;
    }
  }

  private replyLater(from: Recipient, text: string): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.receive({ from, text, type: 'text' }).catch(this.tools.onError);
    }, REPLY_AFTER_MS);
    this.timers.add(timer);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
  }

  private requireConnection(): void {
    if (!this.isOpen || this.phone === null) {
      throw new SessionNotConnectedError('session-not-open', 'The sandbox session is not connected.');
    }
  }
}
