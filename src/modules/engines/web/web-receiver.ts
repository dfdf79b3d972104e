import { Logger } from '@nestjs/common';

import { isGroupAddress } from '../../../kernel/recipient.js';
import type { EngineReports, InboundChange, InboundMessage } from '../engine.port.js';
import { toError } from './deadline.js';
import { dataOf, type LibraryMessage, type PageChange } from './library.js';
import { readUnread, type PageInbound } from './page/receiving.js';
import { ReportQueue } from './report-queue.js';
import { contentOf, DETAILS, mentionsOf, noticeOf, pickDetails, quotedIdOf, textOf, typeOf } from './web-inbound.js';
import type { WebPeople } from './web-people.js';
import type { WebClient } from './web-client.js';
import type { WebTimings } from './web-timings.js';

const CATCH_UP = { perChat: 1_000, total: 5_000 };
const CATCH_UP_TRIES = 3;
const PAUSE_MS = 500;

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
  private isCaughtUp = false;

  constructor(
    private readonly sessionId: string,
    private readonly client: WebClient,
    private readonly people: WebPeople,
    private readonly timings: WebTimings,
    private readonly reports: Pick<EngineReports, 'received' | 'changed' | 'caughtUp'>,
  ) {
    this.queue = new ReportQueue(sessionId);
  }

  take(message: LibraryMessage): void {
    if (message.fromMe || message.isStatus) return;
    const { type, body, from, author, timestamp: t } = message;
    const details = pickDetails(dataOf(message));
    this.add({ id: message.id._serialized, from, author, type, body, t, details }, false);
  }

  /** What somebody else has changed, and calls; our own changes are our own. */
  takeChange(change: PageChange): void {
    this.queue.add(async () => {
      await this.reports.changed(await this.toChange(change));
    });
  }

  /**
   * Reports what is unread: what came while the browser was down raises no event of its own. A page that was loaded
   * anew is asked again, but the end of catching up is told once.
   */
  async catchUp(isDue: boolean): Promise<void> {
    for (let attempt = 1; !this.queue.isStopped; attempt += 1) {
      try {
        const unread = isDue ? await this.readUnread() : [];
        for (const message of unread) this.add(message, true);
        if (this.isCaughtUp) return;
        this.isCaughtUp = true;
        this.queue.add(() => this.reports.caughtUp());
        return;
      } catch (error) {
        const about = { sessionId: this.sessionId, reason: toError(error).message, attempt };
        this.logger.warn(about, 'unread messages were not read');
        if (attempt === CATCH_UP_TRIES) return;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  stop(): Promise<void> {
    return this.queue.stop();
  }

  private readUnread(): Promise<PageInbound[]> {
    const { catchUpMs } = this.timings;
    return this.client.call('Reading unread messages', catchUpMs, readUnread, CATCH_UP, DETAILS);
  }

  private add(message: PageInbound, isCatchUp: boolean): void {
    const isHeard = isPerson(message.from) || isGroupAddress(message.from);
    if (!isHeard || NOTICES.includes(message.type)) return;
    this.queue.add(async () => {
      await this.reports.received({ ...(await this.toInbound(message)), isCatchUp });
    });
  }

  private async toChange(change: PageChange): Promise<InboundChange> {
    const at = change.t === undefined ? new Date() : new Date(change.t * 1000);
    if (change.kind === 'called') {
      const { kind, callId, isVideo, isGroup } = change;
      return { kind, callId, from: await this.people.phoneOf(change.from), isVideo, isGroup, at };
    }
    const providerMessageId = change.id.fromMe ? change.id.id : change.id._serialized;
    if (change.kind === 'edited') return { kind: change.kind, providerMessageId, text: change.text, at };
    if (change.kind === 'revoked') return { kind: change.kind, providerMessageId, at };
    const from = await this.people.phoneOf(change.from);
    return { kind: change.kind, providerMessageId, from, emoji: change.emoji, at };
  }

  private async toInbound(message: PageInbound): Promise<Omit<InboundMessage, 'isCatchUp'>> {
    const { id, from, author, t } = message;
    const isGroup = isGroupAddress(from);
    const mentions = await Promise.all(mentionsOf(message).map((address) => this.people.phoneOf(address)));
    const content = { ...contentOf(message), ...(mentions.length > 0 && { mentions }) };
    const { quotedParticipant } = message.details;
    const isOurs = quotedParticipant !== undefined && (await this.people.isMe(quotedParticipant));
    return {
      providerMessageId: id,
      from: await this.people.phoneOf(isGroup ? (author ?? from) : from),
      to: null,
      group: isGroup ? from : null,
      type: typeOf(message.type),
      text: textOf(message),
      content: Object.keys(content).length === 0 ? null : content,
      media: noticeOf(message),
      quotedProviderMessageId: quotedIdOf(message, isOurs),
      at: new Date(t * 1000),
    };
  }
}
