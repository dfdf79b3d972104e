import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, keepMessage } from './accounts.ts';
import { acknowledge } from './acks.ts';
import { digits, isGroupAddress, nowSeconds, rawIdOf } from './addresses.ts';
import type { FaultPlan } from './contract.ts';
import type { SentRecord } from './records.ts';
import { delayOf, never } from './faults.ts';
import { chatWith, deliver } from './incoming.ts';
import type { MediaFile } from './media-store.ts';
import type { WireMessage } from './messages.ts';
import type { PairedPage } from './pages.ts';
import { SimError } from './sim-error.ts';
import type { World } from './world.ts';

const SAME_MESSAGE_MS = 30_000;

export interface SendRequest {
  readonly msg: WireMessage;
  readonly chat: string;
}

/** What the page hears about its message: accepted, refused, or (by order of a test) something stranger. */
export interface SendAnswer {
  readonly t?: number;
  readonly id?: string;
  readonly error?: string;
  /** Accepted, and nothing ever happens. */
  readonly silent?: boolean;
  /** Accepted, but the page does not find its own message for a while. */
  readonly uncached?: boolean;
}

/** Takes the messages that pages send. One that comes again after a reconnect is the same message. */
export class Outgoing {
  private readonly underWay = new Map<string, Promise<SendAnswer>>();
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  send(page: PairedPage, request: SendRequest): Promise<SendAnswer> {
    const key = `${page.phone} ${request.msg.id}`;
    const known = this.underWay.get(key);
    if (known) return known;
    const answer = this.accept(page, request);
    this.underWay.set(key, answer);
    const forget = (): void => {
      setTimeout(() => this.underWay.delete(key), SAME_MESSAGE_MS).unref();
    };
    answer.then(forget, forget);
    return answer;
  }

  private async accept(page: PairedPage, { msg, chat }: SendRequest): Promise<SendAnswer> {
    const fault = this.world.faults.take('send', page.phone);
    const refused = fault && (await answerOf(fault));
    if (refused) return refused;
    await sleep(this.world.config.serverAckMs);

    const toPhone = isGroupAddress(chat) ? null : this.world.numbers.phoneOf(chat);
    if (toPhone && !this.world.isRegistered(toPhone)) {
      this.world.journal.record('send-unregistered', { phone: page.phone, to: chat });
      return { error: 'ERROR_NOT_REGISTERED' };
    }
    this.store(page, { msg, chat }, toPhone);
    const reached = !this.world.config.crossDeliver || this.passOn(page.phone, { msg, chat }, toPhone);
    if (reached) this.scheduleAcks(page.phone, msg.id);
    return { t: nowSeconds(), id: msg.id, uncached: fault?.mode === 'uncached' };
  }

  private store(page: PairedPage, { msg, chat }: SendRequest, toPhone: string | null): void {
    const account = this.world.accounts.of(page.phone);
    const file = this.world.media.find(msg.directPath);
    const isRepeated = account.messages.has(msg.id);
    keepMessage(account, chat, { ...msg, ack: 1, ...(file ? { body: '' } : {}) });
    if (!isRepeated) this.world.recordSent(recordOf(page, { msg, chat }, toPhone, file));
    this.world.journal.record('sent', { phone: page.phone, to: chat, id: msg.id, kind: msg.type });
  }

  /** Delivers to the addressees that are simulated accounts; whether a single addressee is online. */
  private passOn(phone: string, { msg, chat }: SendRequest, toPhone: string | null): boolean {
    const sender = this.world.accounts.of(phone);
    const isGroup = isGroupAddress(chat);
    const members = this.world.groups.get(chat)?.participants.map(({ id }) => digits(id)) ?? [];
    let reached = true;
    for (const recipientPhone of isGroup ? members : toPhone ? [toPhone] : []) {
      const recipient = this.world.accounts.find(recipientPhone);
      if (!recipient || recipientPhone === phone) continue;
      const theirChat = isGroup ? chat : chatWith(this.world, recipient, sender.wid);
      const online = deliver(this.world, recipient, theirChat, this.asReceived(sender, recipient, theirChat, msg));
      if (!isGroup) reached = online;
    }
    return reached;
  }

  /** The same message as the other side gets it. */
  private asReceived(sender: Account, recipient: Account, chat: string, msg: WireMessage): WireMessage {
    const author = isGroupAddress(chat) ? (this.world.config.lidMode ? sender.lid : sender.wid) : undefined;
    return {
      ...withoutOwnMarks(msg),
      ...(this.world.media.find(msg.directPath) ? { body: '' } : {}),
      id: `false_${chat}_${rawIdOf(msg.id)}${author ? `_${author}` : ''}`,
      from: chat,
      to: recipient.wid,
      ...(author ? { author } : {}),
      ack: 1,
      notifyName: sender.pushname,
      t: nowSeconds(),
      pn: sender.wid,
      lid: sender.lid,
    };
  }

  private scheduleAcks(phone: string, id: string): void {
    const { autoAck, deviceAckMs, readAckMs } = this.world.config;
    if (autoAck < 2) return;
    setTimeout(() => {
      acknowledge(this.world, { phone, id, ack: 2 });
      if (this.world.config.autoAck < 3) return;
      setTimeout(() => {
        acknowledge(this.world, { phone, id, ack: 3 });
      }, readAckMs);
    }, deviceAckMs);
  }
}

/** What a planned failure makes of a send; null when the message goes on. */
async function answerOf(fault: FaultPlan): Promise<SendAnswer | null> {
  switch (fault.mode) {
    case 'hang':
      return never();
    case 'throw':
      throw new SimError(500, fault.message ?? 'send failed');
    case 'error':
      return { error: fault.message ?? 'ERROR_UNKNOWN' };
    case 'silent':
      return { silent: true };
    case 'delay':
      await sleep(delayOf(fault));
      return null;
    default:
      return null;
  }
}

/** What only the sender's own copy carries. */
const OWN_MARKS = new Set(['author', 'self', 'local', 'isNewMsg', 'isUnsentMedia', 'isSentByMe']);

function withoutOwnMarks(msg: WireMessage): WireMessage {
  return Object.fromEntries(Object.entries(msg).filter(([name]) => !OWN_MARKS.has(name))) as unknown as WireMessage;
}

function recordOf(
  page: PairedPage,
  { msg, chat }: SendRequest,
  toPhone: string | null,
  file: MediaFile | undefined,
): Omit<SentRecord, 'seq'> {
  const record = {
    page: page.id,
    phone: page.phone,
    id: msg.id,
    rawId: rawIdOf(msg.id),
    to: chat,
    toPhone,
    type: msg.type,
    body: file ? undefined : msg.body,
    caption: msg.caption,
    mimetype: msg.mimetype,
    filename: msg.filename,
    size: msg.size,
    sha256: file?.sha256,
    media: msg.directPath,
    quoted: msg.quotedStanzaID,
    quotedParticipant: msg.quotedParticipant,
    mentions: msg.mentionedJidList?.length ? msg.mentionedJidList : undefined,
    isViewOnce: msg.isViewOnce,
    waveform: msg.waveform ? true : undefined,
    lat: msg.lat,
    lng: msg.lng,
    pollName: msg.pollName,
    vcard: msg.type === 'vcard' ? msg.body : undefined,
    title: msg.title,
    matchedText: msg.matchedText,
    forwarded: msg.isForwarded,
    t: msg.t,
    at: Date.now(),
    ack: 1,
  };
  return record as Omit<SentRecord, 'seq'>;
}
