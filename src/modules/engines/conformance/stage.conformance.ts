import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import type { PhoneNumber } from '../../../kernel/phone-number.js';
import type { Recipient } from '../../../kernel/recipient.js';
import type { MessageReference, OutboundContent, OutboundMedia } from '../engine.content.js';
import type {
  Ack,
  EngineHandle,
  EngineReports,
  InboundChange,
  InboundMessage,
  LinkedNumber,
  LossCause,
  SendCommand,
  SentMessage,
  WhatsAppEngine,
} from '../engine.port.js';
import { EngineUnavailableError } from '../engine.errors.js';
import type { EngineHarness, SeenMessage } from './harness.conformance.js';

export const PHONE = '+5511987654399' as PhoneNumber;
export const OTHER_PHONE = '+5511987654388' as PhoneNumber;
/** Long enough for a report that must not come. */
export const QUIET_MS = 300;
const WAIT_MS = 10_000;

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

export class Reports implements EngineReports {
  readonly names: string[] = [];
  readonly qrs: string[] = [];
  readonly readies: LinkedNumber[] = [];
  readonly causes: LossCause[] = [];
  readonly messages: InboundMessage[] = [];
  readonly acks: Ack[] = [];
  readonly changes: InboundChange[] = [];
  /** How many messages had been told each time that everything missed was told. */
  readonly catchUps: number[] = [];

  qr(text: string): void {
    this.names.push('qr');
    this.qrs.push(text);
  }

  authenticated(): void {
    this.names.push('authenticated');
  }

  ready(linked: LinkedNumber): void {
    this.names.push('ready');
    this.readies.push(linked);
  }

  lost({ cause }: { readonly cause: LossCause }): void {
    this.names.push('lost');
    this.causes.push(cause);
  }

  received(message: InboundMessage): Promise<void> {
    this.names.push('received');
    this.messages.push(message);
    return Promise.resolve();
  }

  acked(ack: Ack): Promise<void> {
    this.names.push('acked');
    this.acks.push(ack);
    return Promise.resolve();
  }

  changed(change: InboundChange): Promise<void> {
    this.names.push('changed');
    this.changes.push(change);
    return Promise.resolve();
  }

  caughtUp(): Promise<void> {
    this.catchUps.push(this.messages.length);
    return Promise.resolve();
  }
}

export interface OpenedSession {
  readonly engine: WhatsAppEngine;
  readonly handle: EngineHandle;
  readonly reports: Reports;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + WAIT_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited ${String(WAIT_MS)} ms for ${what}.`);
    await pause(10);
  }
};

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const fileOf = (mimeType: string, bytes = PNG, fileName: string | null = null): OutboundMedia => ({
  ...{ mimeType, fileName, sizeBytes: bytes.length, sha256: sha256(bytes) },
  open: () => Promise.resolve(Readable.from([bytes.subarray(0, 1), bytes.subarray(1)])),
});

/** Opens sessions of one harness, for one test. */
export class Stage {
  private readonly handles: EngineHandle[] = [];

  constructor(readonly harness: EngineHarness) {}

  get known(): PhoneNumber {
    return this.harness.recipients.known;
  }

  async open(sessionId = 'one', engine = this.harness.create(), proxy: string | null = null): Promise<OpenedSession> {
    const reports = new Reports();
    const handle = await engine.open({ sessionId, proxy, signal: new AbortController().signal }, reports);
    this.handles.push(handle);
    return { engine, handle, reports };
  }

  /** Whether the number is linked by the session that is open, or before it is opened. */
  get linksByQr(): boolean {
    return this.harness.create().capabilities.has('qr');
  }

  async openReady(sessionId = 'one', phone = PHONE, proxy: string | null = null): Promise<OpenedSession> {
    if (!this.linksByQr) {
      await this.harness.link(sessionId, '', phone);
      const linked = await this.open(sessionId, undefined, proxy);
      await until('ready', () => linked.reports.readies.length > 0);
      return linked;
    }
    const session = await this.open(sessionId, undefined, proxy);
    await until('a QR', () => session.reports.qrs.length > 0);
    await this.harness.link(sessionId, session.reports.qrs.at(-1) ?? '', phone);
    await until('ready', () => session.reports.readies.length > 0);
    return session;
  }

  /** The same session once more, which needs no QR. */
  async openAgain(engine?: WhatsAppEngine): Promise<OpenedSession> {
    const again = await this.open('one', engine);
    await until('ready', () => again.reports.readies.length > 0);
    return again;
  }

  /** The session has no number any more: it asks for one. */
  async expectUnlinked(engine: WhatsAppEngine): Promise<void> {
    if (!this.linksByQr) {
      await expect(this.open('one', engine)).rejects.toBeInstanceOf(EngineUnavailableError);
      return;
    }
    const { reports } = await this.open('one', engine);
    await until('a QR', () => reports.qrs.length > 0);
    expect(reports.readies).toEqual([]);
  }

  command(content: OutboundContent, to: Recipient = this.known, quoted: MessageReference | null = null): SendCommand {
    return { messageId: `msg_${content.type}`, attempt: 1, providerMessageId: null, to, content, quoted };
  }

  send(handle: EngineHandle, text: string, to: Recipient = this.known): Promise<SentMessage> {
    return this.sendContent(handle, { type: 'text', text }, to);
  }

  sendContent(
    handle: EngineHandle,
    content: OutboundContent,
    to: Recipient = this.known,
    quoted: MessageReference | null = null,
  ): Promise<SentMessage> {
    return handle.send({ ...this.command(content, to, quoted), providerMessageId: handle.newMessageId(to) });
  }

  /** What the recipient sees of a message of ours. */
  async seen(providerMessageId: string): Promise<SeenMessage | undefined> {
    const arrivals = await this.harness.arrivals('one');
    return arrivals.find((arrival) => arrival.providerMessageId === providerMessageId);
  }

  ours(providerMessageId: string, chat: Recipient = this.known): MessageReference {
    return { providerMessageId, isOurs: true, chat };
  }

  /** A contact writes, and it is reported. */
  async hear(
    { reports }: OpenedSession,
    message: Omit<Parameters<EngineHarness['incoming']>[1], 'from'>,
  ): Promise<InboundMessage> {
    const before = reports.messages.length;
    await this.harness.incoming('one', { from: this.known, ...message });
    await until('the message', () => reports.messages.length > before);
    const [heard] = reports.messages.slice(before);
    if (heard === undefined) throw new Error('What was reported is gone.');
    return heard;
  }

  async end(): Promise<void> {
    await Promise.all(this.handles.map((handle) => handle.close()));
    await this.harness.cleanUp();
  }
}
