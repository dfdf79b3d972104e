import { randomBytes } from 'node:crypto';

import { phoneDigits, type PhoneNumber } from '../../../kernel/phone-number.js';
import type { Recipient } from '../../../kernel/recipient.js';
import type { DownloadedMedia } from '../engine.content.js';
import { SessionNotConnectedError } from '../engine.errors.js';
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
import { outcomeFor } from './recipient-outcome.js';
import { isAct } from './sandbox-content.js';
import { newSandboxId, SandboxInbox, type WrittenMessage } from './sandbox-inbox.js';
import { type GroupWish, isRegistered, profileOf, SANDBOX_CONTACTS, SandboxPeople, toPhone } from './sandbox-people.js';
import { levelOf, SandboxAcks } from './sandbox-acks.js';
import { SandboxQr } from './sandbox-qr.js';
import { type SandboxBehaviour, SandboxSender, type SandboxTools } from './sandbox-sender.js';

const REPLY_AFTER_MS = 1000;
const REPLAY_PAGE = 1000;
const REMEMBERED_ACTIONS = 100;

/** Something that a contact sees without a message. */
export interface SandboxAction {
  readonly what: 'read' | TypingState;
  readonly chat: Recipient;
  readonly at: Date;
}

/** One open sandbox session: the linked device, and the phone and the contacts that tests play. */
export class SandboxHandle implements EngineHandle {
  readonly acks: SandboxAcks;
  /** What was done that leaves no message, newest last. */
  readonly actions: SandboxAction[] = [];
  private readonly code: SandboxQr;
  private readonly inbox: SandboxInbox;
  private readonly sender: SandboxSender;
  private readonly people = new SandboxPeople();
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
    const { acks } = this;
    const requireConnection = (): void => {
      this.requireConnection();
    };
    const answer = (from: string, text: string): void => {
      this.replyLater(from, text);
    };
    this.sender = new SandboxSender({ sessionId, acks, requireConnection, answer }, tools);
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

  get behaviour(): SandboxBehaviour {
    return this.sender.behaviour;
  }

  send(command: SendCommand): Promise<SentMessage> {
    return this.sender.send(command);
  }

  newMessageId(): string {
    return newSandboxId();
  }

  async findMessage(providerMessageId: string): Promise<AckLevel | null> {
    const arrival = await this.tools.repository.findByProviderId(this.sessionId, providerMessageId);
    if (arrival === null || outcomeFor(arrival.recipient).kind === 'silent') return null;
    return levelOf(arrival.ack);
  }

  requestPairingCode(phone: PhoneNumber): Promise<string> {
    if (this.isLinked || !this.isOpen) return Promise.reject(new Error('No QR is shown that a code could replace.'));
    this.pairing = { phone, code: randomBytes(4).toString('hex').toUpperCase() };
    return Promise.resolve(this.pairing.code);
  }

  checkNumber(phone: PhoneNumber): Promise<NumberCheck> {
    const found = isRegistered(phone);
    return Promise.resolve({ isRegistered: found, whatsappId: found ? `${phoneDigits(phone)}@sandbox` : null });
  }

  downloadMedia(providerMessageId: string, maxBytes: number): Promise<DownloadedMedia | null> {
    return this.inbox.download(providerMessageId, maxBytes);
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
    return Promise.resolve(this.people.groupsOf(this.phone ?? ''));
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

  /** Somebody makes a group with the linked number. */
  addGroup(wish: GroupWish): Group {
    return this.people.addGroup(wish, this.phone ?? '');
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
      for (const { providerMessageId, recipient, type, ack } of page) {
        if (isAct({ type })) continue;
        const outcome = outcomeFor(recipient);
        if (outcome.kind === 'arrives') this.acks.add(providerMessageId, ack, outcome.depth);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < REPLAY_PAGE || !this.isOpen) return;
      after = last.id;
    }
  }

  private replyLater(from: string, text: string): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.receive({ from, text, type: 'text' }).catch(this.tools.onError);
    }, REPLY_AFTER_MS);
    this.timers.add(timer);
  }

  private requireConnection(): void {
    if (!this.isOpen || this.phone === null) {
      throw new SessionNotConnectedError('session-not-open', 'The sandbox session is not connected.');
    }
  }
}
