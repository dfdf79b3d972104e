import type {
  Ack,
  AckLevel,
  EngineReports,
  InboundChange,
  InboundMessage,
  LinkedNumber,
  LossCause,
} from '../../src/modules/engines/engine.port.js';

/** Everything that one opening has reported, in the order of its arrival. */
export class ReportLog implements EngineReports {
  readonly names: string[] = [];
  readonly qrs: string[] = [];
  readonly readies: LinkedNumber[] = [];
  readonly losses: { readonly cause: LossCause; readonly reason: string }[] = [];
  readonly messages: InboundMessage[] = [];
  readonly acks: Ack[] = [];
  readonly changes: InboundChange[] = [];
  /** How often everything that was missed had been told. */
  catchUps = 0;

  qr(text: string): void {
    this.qrs.push(text);
    this.names.push('qr');
  }

  authenticated(): void {
    this.names.push('authenticated');
  }

  ready(linked: LinkedNumber): void {
    this.readies.push(linked);
    this.names.push('ready');
  }

  lost(loss: { readonly cause: LossCause; readonly reason: string }): void {
    this.losses.push(loss);
    this.names.push('lost');
  }

  received(message: InboundMessage): Promise<void> {
    this.messages.push(message);
    this.names.push('received');
    return Promise.resolve();
  }

  acked(ack: Ack): Promise<void> {
    this.acks.push(ack);
    this.names.push('acked');
    return Promise.resolve();
  }

  changed(change: InboundChange): Promise<void> {
    this.changes.push(change);
    this.names.push('changed');
    return Promise.resolve();
  }

  caughtUp(): Promise<void> {
    this.catchUps += 1;
    return Promise.resolve();
  }

  count(name: string): number {
    return this.names.filter((one) => one === name).length;
  }

  levels(providerMessageId: string): AckLevel[] {
    return this.acks.filter((ack) => ack.providerMessageId === providerMessageId).map((ack) => ack.level);
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something is so; says what it waited for when it never was. */
export const until = async <T>(
  what: string,
  read: () => T | Promise<T>,
  timeoutMs = 10_000,
): Promise<NonNullable<T>> => {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (value !== null && value !== undefined && value !== false && value !== 0) return value;
    if (performance.now() > deadline) throw new Error(`Waited ${String(timeoutMs)} ms for: ${what}`);
    await sleep(15);
  }
};
