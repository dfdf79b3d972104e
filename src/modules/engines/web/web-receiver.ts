import { Logger } from '@nestjs/common';

import { parsePhoneNumber } from '../../../kernel/phone-number.js';
import type { EngineReports, InboundMessage } from '../engine.port.js';
import { toError } from './deadline.js';
import type { LibraryMessage } from './library.js';
import { findPhoneAddress, readUnread, type PageInbound } from './page/receiving.js';
import { ReportQueue } from './report-queue.js';
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
    private readonly reports: Pick<EngineReports, 'received'>,
  ) {
    this.queue = new ReportQueue(sessionId);
  }

  take(message: LibraryMessage): void {
    if (message.fromMe || message.isStatus) return;
    const { type, body } = message;
    this.add({ id: message.id._serialized, from: message.from, type, body, t: message.timestamp });
  }

  /** Reports what is unread: what came while the browser was down raises no event of its own. */
  async catchUp(): Promise<void> {
    try {
      const unread = await this.client.call('Reading unread messages', this.timings.catchUpMs, readUnread, CATCH_UP);
      for (const message of unread) this.add(message);
    } catch (error) {
      if (this.queue.isStopped) return;
      this.logger.warn({ sessionId: this.sessionId, reason: toError(error).message }, 'unread messages were not read');
    }
  }

  stop(): Promise<void> {
    return this.queue.stop();
  }

  private add(message: PageInbound): void {
    if (!isPerson(message.from) || NOTICES.includes(message.type)) return;
    this.queue.add(async () => {
      await this.reports.received(await this.toInbound(message));
    });
  }

  private async toInbound({ id, from, type, body, t }: PageInbound): Promise<InboundMessage> {
    const isText = type === 'chat';
    return {
      providerMessageId: id,
      from: await this.phoneOf(from),
      to: null,
      group: null,
      type: isText ? 'text' : 'unsupported',
      text: isText ? body : null,
      content: null,
      media: null,
      quotedProviderMessageId: null,
      at: new Date(t * 1000),
      isCatchUp: false,
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
