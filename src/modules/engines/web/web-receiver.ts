import { Logger } from '@nestjs/common';

import { parsePhoneNumber } from '../../../kernel/phone-number.js';
import { isGroupAddress } from '../../../kernel/recipient.js';
import type { EngineReports, InboundChange, InboundMessage } from '../engine.port.js';
import { toError } from './deadline.js';
import type { LibraryMessage, PageChange } from './library.js';
import { findPhoneAddress, readUnread, type PageInbound } from './page/receiving.js';
import { ReportQueue } from './report-queue.js';
import { contentOf, DETAILS, noticeOf, pickDetails, quotedIdOf, textOf, typeOf } from './web-inbound.js';
import type { WebClient } from './web-client.js';
import type { WebTimings } from './web-timings.js';

const CATCH_UP = { perChat: 1_000, total: 5_000 };

/** Notices of WhatsApp to its user, which nobody has written. */
const NOTICES: readonly string[] = [
  'e2e_notification',
  'notification',
  'notification_template',
  'gp2',
  'protocol',
  'call_log',
  'ciphertext',
  'revoked',
  'broadcast_notification',
  'debug',
];

const isPerson = (address: string): boolean => address.endsWith('@c.us') || address.endsWith('@lid');

/** Reports what people write to the linked number, in the order of its arrival. */
export class WebReceiver {
  private readonly logger = new Logger(WebReceiver.name);
  private readonly queue: ReportQueue;
  private readonly phones = new Map<string, string>();

  constructor(
    private readonly sessionId: string,
    private readonly client: WebClient,
    private readonly timings: WebTimings,
    private readonly reports: Pick<EngineReports, 'received' | 'changed' | 'caughtUp'>,
  ) {
    this.queue = new ReportQueue(sessionId);
  }

  take(message: LibraryMessage): void {
    if (message.fromMe || message.isStatus) return;
    const { type, body, from, author, timestamp: t } = message;
    const details = pickDetails((message as unknown as { readonly _data: object })._data);
    this.add({ id: message.id._serialized, from, author, type, body, t, details }, false);
  }

  /** What somebody else has changed, and calls; our own changes are our own. */
  takeChange(change: PageChange): void {
    this.queue.add(async () => {
      await this.reports.changed(await this.toChange(change));
    });
  }

  /** Reports what is unread: what came while the browser was down raises no event of its own. */
  async catchUp(isDue: boolean): Promise<void> {
    try {
      const { catchUpMs } = this.timings;
      const unread = isDue
        ? await this.client.call('Reading unread messages', catchUpMs, readUnread, CATCH_UP, DETAILS)
        : [];
      for (const message of unread) this.add(message, true);
      this.queue.add(() => this.reports.caughtUp());
    } catch (error) {
      if (this.queue.isStopped) return;
      this.logger.warn({ sessionId: this.sessionId, reason: toError(error).message }, 'unread messages were not read');
    }
  }

  stop(): Promise<void> {
    return this.queue.stop();
  }

  private add(message: PageInbound, isCatchUp: boolean): void {
    const isHeard = isPerson(message.from) || isGroupAddress(message.from);
    if (!isHeard || NOTICES.includes(message.type)) return;
    this.queue.add(async () => {
      await this.reports.received({ ...(await this.toInbound(message)), isCatchUp });
    });
  }

  private async toChange(change: PageChange): Promise<InboundChange> {
    const at = 't' in change ? new Date(change.t * 1000) : new Date();
    if (change.kind === 'called') {
      const { kind, callId, isVideo, isGroup } = change;
      return { kind, callId, from: await this.phoneOf(change.from), isVideo, isGroup, at };
    }
    const providerMessageId = change.id.fromMe ? change.id.id : change.id._serialized;
    if (change.kind === 'edited') return { kind: change.kind, providerMessageId, text: change.text, at };
    if (change.kind === 'revoked') return { kind: change.kind, providerMessageId, at };
    const from = await this.phoneOf(change.from);
    return { kind: change.kind, providerMessageId, from, emoji: change.emoji, at };
  }

  private async toInbound(message: PageInbound): Promise<Omit<InboundMessage, 'isCatchUp'>> {
    const { id, from, author, t } = message;
    const isGroup = isGroupAddress(from);
    return {
      providerMessageId: id,
      from: await this.phoneOf(isGroup ? (author ?? from) : from),
      to: null,
      group: isGroup ? from : null,
      type: typeOf(message.type),
      text: textOf(message),
      content: contentOf(message),
      media: noticeOf(message),
      quotedProviderMessageId: quotedIdOf(message),
      at: new Date(t * 1000),
    };
  }

  /** E.164 of whoever wrote; a contact that hides behind a LID is asked for once. */
  private async phoneOf(address: string): Promise<string> {
    const known = this.phones.get(address);
    if (known !== undefined) return known;
    let byNumber: string | null = address;
    if (address.endsWith('@lid')) {
      byNumber = await this.client
        .call('Looking up a contact', this.timings.lookupMs, findPhoneAddress, address)
        .catch(() => null);
    }
    if (byNumber === null) return address;
    const digits = byNumber.replace(/@.*$/, '');
    const phone = parsePhoneNumber(digits) ?? `+${digits}`;
    if (this.phones.size >= CATCH_UP.total) this.phones.clear();
    this.phones.set(address, phone);
    return phone;
  }
}
