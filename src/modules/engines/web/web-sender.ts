import { randomBytes } from 'node:crypto';

import { phoneDigits, type PhoneNumber } from '../../../kernel/phone-number.js';
import { isGroupAddress, parseRecipient, type Recipient } from '../../../kernel/recipient.js';
import type { Checkpoints } from '../../../platform/lifecycle/checkpoints.js';
import { SendDeferredError, SendRefusedError, SessionNotConnectedError } from '../engine.errors.js';
import type { MessageReference, OutboundContent } from '../engine.content.js';
import type { AckLevel, SendCommand, SentMessage } from '../engine.port.js';
import { Acknowledgements, levelOf } from './acknowledgements.js';
import { DeadlineError, toError, within } from './deadline.js';
import { findAddress, findSendObstacle, handOverText, prepareChat, readAck, type HandOver } from './page/sending.js';
import { actOnMessage, findTarget, forwardMessage } from './page/acting.js';
import { findPreview, handOverContent, type PageTarget } from './page/sending-content.js';
import type { WebClient } from './web-client.js';
import { isPlainText, type Message, requireSendable, toPageContent } from './web-content.js';
import { WebFiles } from './web-files.js';
import type { WebTimings } from './web-timings.js';

const GONE = 'WhatsApp does not know the message any more that this one is about.';
const RETRY_IN_MS = 2_000;
const REMEMBERED_ADDRESSES = 5_000;
const SEARCHED_CHATS = 300;

/** Sends texts through the page and believes nothing but WhatsApp's own acknowledgement. */
export class WebSender {
  readonly acks = new Acknowledgements();
  private readonly addresses = new Map<Recipient, string>();
  private readonly files: WebFiles;
  private underWay = 0;
  private obstacle: SessionNotConnectedError | undefined;

  constructor(
    private readonly client: WebClient,
    private readonly timings: WebTimings,
    private readonly checkpoints: Checkpoints,
  ) {
    this.files = new WebFiles(client, timings);
  }

  get isBusy(): boolean {
    return this.underWay > 0;
  }

  /** What kept the page from sending anything when it was last asked; undefined when it could. */
  get trouble(): Error | undefined {
    return this.obstacle;
  }

  /**
   * The part of WhatsApp's message id that its sender chooses, unique over all chats. The whole id names the chat as
   * well, by number or by LID as WhatsApp likes, so it is not known before the send.
   */
  newMessageId(): string {
    return `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;
  }

  async send(command: SendCommand): Promise<SentMessage> {
    const { content, to } = command;
    requireSendable(content);
    this.underWay += 1;
    try {
      const address = await this.prepare(to);
      const id = command.providerMessageId ?? this.newMessageId();
      return await this.deliver(command, address, id).catch((error: unknown) => {
        // The chat may have been moved to another address since it was looked up.
        if (error instanceof SendDeferredError) this.addresses.delete(to);
        throw error;
      });
    } finally {
      this.underWay -= 1;
    }
  }

  private async deliver(command: SendCommand, address: string, id: string): Promise<SentMessage> {
    const { content } = command;
    const what = 'Handing over a message';
    if (content.type === 'forward') {
      const target = await this.findTarget(content.target);
      return this.handOver(id, (ms) => this.client.call(what, ms, forwardMessage, address, target, id));
    }
    if ('target' in content) return this.act(address, content, id);
    if (isPlainText(command) && content.type === 'text') {
      const { text } = content;
      return this.handOver(id, (ms) => this.client.call(what, ms, handOverText, address, text, id));
    }
    return this.deliverContent(command.quoted, content, { address, id });
  }

  /** The file is put into the page before anything is handed over: until then nothing can have left. */
  private async deliverContent(
    quoted: MessageReference | null,
    content: Message,
    { address, id }: { readonly address: string; readonly id: string },
  ): Promise<SentMessage> {
    const quotedMessageId = quoted === null ? null : await this.findTarget(quoted);
    const preview = content.type === 'text' && content.linkPreview === true ? await this.previewOf(content.text) : {};
    const file = 'media' in content ? await this.files.upload(content.media) : null;
    const plain = toPageContent(content, file);
    const prepared = { ...plain, quotedMessageId, options: { ...plain.options, ...preview } };
    const limitMs = file === null ? this.timings.ackMs : this.timings.mediaMs;
    try {
      const what = 'Handing over a message';
      return await this.handOver(
        id,
        (ms) => this.client.call(what, ms, handOverContent, address, prepared, id),
        limitMs,
      );
    } finally {
      if (file !== null) await this.files.drop(file);
    }
  }

  /** Nobody acknowledges such an act: it is done when the page shows that it is. */
  private async act(
    address: string,
    { target, ...act }: Extract<OutboundContent, { type: 'reaction' | 'edit' | 'revoke' }>,
    id: string,
  ): Promise<SentMessage> {
    const found = await this.findTarget(target);
    const { ackMs } = this.timings;
    const done = await this.client.call('Acting on a message', ackMs, actOnMessage, address, found, act);
    if (done === 'TOO_LATE') throw new SendRefusedError('too-late', 'WhatsApp allows this no longer.');
    if (!done) throw new Error('WhatsApp does not show that it was done.');
    return { providerMessageId: id };
  }

  private async previewOf(text: string): Promise<object> {
    const { callMs } = this.timings;
    return this.client.call('Asking for a preview', callMs, findPreview, text, callMs / 2).catch(() => ({}));
  }

  private async findTarget(reference: MessageReference): Promise<string> {
    const target = await this.toTarget(reference);
    const found = await this.client
      .call('Looking for a message', this.timings.lookupMs, findTarget, target)
      .catch((error: unknown) => {
        throw new SendDeferredError('target-not-found', toError(error).message, RETRY_IN_MS);
      });
    if (found === null) throw new SendRefusedError('target-gone', GONE);
    return found;
  }

  /** The id of a message of ours does not name its chat, so the page must be told under which address to look. */
  private async toTarget({ providerMessageId, isOurs, chat }: MessageReference): Promise<PageTarget> {
    const recipient = parseRecipient(chat);
    const address = isOurs && recipient !== null ? await this.chatOf(recipient) : chat;
    return { id: providerMessageId, isOurs, chat: address };
  }

  async findMessage(id: string): Promise<AckLevel | null> {
    const ack = await this.client.call('Looking for a message', this.timings.lookupMs, readAck, id, SEARCHED_CHATS);
    const level = ack === null ? null : levelOf(ack);
    // It waits in the page, which may still send it: neither known to WhatsApp nor unknown.
    if (ack !== null && level === null) throw new Error('The message is still under way.');
    return level;
  }

  /** Rejects when the page does not answer, or could not send. */
  async requireConnection(): Promise<void> {
    const obstacle = await this.client
      .call('Asking the page for its state', this.timings.callMs, findSendObstacle)
      .catch((error: unknown) => {
        throw this.notConnected('page-not-answering', toError(error).message);
      });
    if (obstacle !== null) throw this.notConnected('not-connected', `WhatsApp is not connected (${obstacle}).`);
    this.obstacle = undefined;
  }

  private notConnected(code: string, detail: string): SessionNotConnectedError {
    this.obstacle = new SessionNotConnectedError(code, detail, RETRY_IN_MS);
    return this.obstacle;
  }

  private async prepare(to: Recipient): Promise<string> {
    const progress = { isConnected: false };
    const prepared = this.requireConnection().then(() => {
      progress.isConnected = true;
      return this.chatOf(to);
    });
    try {
      return await within(this.timings.prepareMs, 'Preparing the send', prepared);
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      // A page that answers and takes long over this recipient is no outage of the session.
      if (progress.isConnected) throw new SendDeferredError('page-not-answering', error.message, RETRY_IN_MS);
      throw this.notConnected('page-not-answering', error.message);
    }
  }

  private async chatOf(to: Recipient): Promise<string> {
    const known = this.addresses.get(to);
    if (known !== undefined) return known;
    const { lookupMs } = this.timings;
    const refused = new SendRefusedError('not-on-whatsapp', 'The number is not on WhatsApp.');
    try {
      const address = isGroupAddress(to) ? to : await this.findAddress(to);
      const chat = address === null ? null : await this.client.call('Opening a chat', lookupMs, prepareChat, address);
      if (chat === null) throw refused;
      if (this.addresses.size >= REMEMBERED_ADDRESSES) this.addresses.clear();
      this.addresses.set(to, chat);
      return chat;
    } catch (thrown) {
      const error = toError(thrown);
      if (error === refused || error.message.includes('No LID for user')) throw refused;
      throw new SendDeferredError('recipient-not-resolved', error.message, RETRY_IN_MS);
    }
  }

  private findAddress(to: PhoneNumber): Promise<string | null> {
    return this.client.call('Looking up a number', this.timings.lookupMs, findAddress, `${phoneDigits(to)}@c.us`);
  }

  private async handOver(
    id: string,
    run: (timeoutMs: number) => Promise<HandOver>,
    limitMs = this.timings.ackMs,
  ): Promise<SentMessage> {
    const deadline = performance.now() + limitMs;
    const left = (): number => Math.max(0, deadline - performance.now());
    this.checkpoints.pass('K6');
    const handed = run(left());
    // Whichever comes first: the page may never return from a send that WhatsApp has long acknowledged.
    const first = await Promise.race([this.acks.wait(id, left()), handed.then((result) => this.accepted(result, id))]);
    this.checkpoints.pass('K7');
    if (typeof first !== 'object' || first === null) return this.settle(id, first);
    return this.settle(first.id, await this.acks.wait(first.id, left()));
  }

  private accepted(result: HandOver, id: string): { readonly id: string } {
    if ('notHandedOver' in result) {
      // How WhatsApp's page names a file that it cannot make a message of.
      if (result.notHandedOver.includes('InvalidMedia')) {
        throw new SendRefusedError('media-unsuitable', 'WhatsApp cannot read the file as what it is sent as.');
      }
      throw new SendDeferredError('not-handed-over', result.notHandedOver, RETRY_IN_MS);
    }
    const level = levelOf(result.ack);
    if (level !== null) this.acks.arrived(result.id ?? id, level);
    return { id: result.id ?? id };
  }

  private async settle(id: string, acknowledged: AckLevel | null): Promise<SentMessage> {
    // An acknowledgement may have been missed over a reload of the page.
    const level = acknowledged ?? (await this.findMessage(id).catch(() => null));
    if (level === 'FAILED') throw new SendRefusedError('rejected-by-whatsapp', 'WhatsApp did not take the message.');
    if (level === null) throw new Error('WhatsApp has not acknowledged the message in time.');
    return { providerMessageId: id };
  }
}
