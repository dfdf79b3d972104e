import { Logger } from '@nestjs/common';

import type {
  Ack,
  EngineHandle,
  EngineName,
  EngineReports,
  InboundChange,
  InboundMessage,
  LinkedNumber,
  LossCause,
  WhatsAppEngine,
} from '../engines/index.js';
import type { MessageReceiver } from './message-receiver.js';

export interface Loss {
  readonly cause: LossCause;
  readonly reason: string;
}

/** What happens with the reports of one opening; called one after the other, never after the opening is over. */
export interface OpeningEvents {
  onQr(opening: Opening, text: string): Promise<void>;
  onAuthenticated(opening: Opening): Promise<void>;
  onReady(opening: Opening, linked: LinkedNumber): Promise<void>;
  onLost(opening: Opening, loss: Loss): void;
}

export interface OpeningOptions {
  readonly sessionId: string;
  readonly engine: EngineName;
  readonly generation: number;
  readonly fence: bigint;
  /** Somebody asked for it just now, so that a QR is no surprise. */
  readonly isRequested: boolean;
  readonly stageTimeoutMs: number;
  /** URL of the session's proxy; null for none. */
  readonly proxy: string | null;
}

/**
 * One opening of a session on its engine, from the call to the loss. It puts reports in order, drops what comes after
 * its end, and gives up when a stage takes too long.
 */
export class Opening implements EngineReports {
  private readonly logger = new Logger(Opening.name);
  private readonly controller = new AbortController();
  private handleOrNone: EngineHandle | undefined;
  private launched: Promise<void> | undefined;
  private reports: Promise<void> = Promise.resolve();
  private deadline: NodeJS.Timeout | undefined;
  private lastQr = '';
  private isLinked = false;
  private isOver = false;
  isReady = false;

  constructor(
    readonly options: OpeningOptions,
    private readonly events: OpeningEvents,
    private readonly receiver: MessageReceiver,
  ) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get handle(): EngineHandle | undefined {
    return this.isOver ? undefined : this.handleOrNone;
  }

  /** Opens it on the engine; a handle that comes after the end is closed at once. */
  launch(engine: WhatsAppEngine): Promise<void> {
    const launch = async (): Promise<void> => {
      // Only from here: many sessions that come back at once wait for their turn to be launched.
      this.expectNextStage('The engine showed neither a QR nor a linked number in time.');
      const { sessionId, proxy } = this.options;
      const handle = await engine.open({ sessionId, proxy, signal: this.signal }, this);
      this.handleOrNone = handle;
      if (this.isOver) await handle.close();
    };
    const launching = launch();
    // Whoever ends the opening waits until the engine has let go, however the launch ends.
    this.launched = launching.catch(() => undefined);
    return launching;
  }

  /** Ends the opening: no report passes from here on, and the engine lets go. Safe to call twice. */
  async end(): Promise<void> {
    this.finish();
    await this.letGo(async () => this.handleOrNone?.close());
  }

  /** Ends the opening and unlinks the number; false when the engine had not opened it or failed: the login is left. */
  async logout(): Promise<boolean> {
    this.finish();
    let isUnlinked = false;
    await this.letGo(async () => {
      await this.handleOrNone?.logout();
      isUnlinked = this.handleOrNone !== undefined;
    });
    return isUnlinked;
  }

  qr(text: string): void {
    if (this.isLinked || text === this.lastQr) return;
    this.lastQr = text;
    clearTimeout(this.deadline);
    this.enqueue(() => this.events.onQr(this, text));
  }

  authenticated(): void {
    if (this.isLinked) return;
    this.isLinked = true;
    this.expectNextStage('The number was linked, and the session did not become ready in time.');
    this.enqueue(() => this.events.onAuthenticated(this));
  }

  ready(linked: LinkedNumber): void {
    this.isLinked = true;
    clearTimeout(this.deadline);
    this.enqueue(() => this.events.onReady(this, linked));
  }

  lost(loss: Loss): void {
    this.enqueue(() => {
      this.events.onLost(this, loss);
      return Promise.resolve();
    });
  }

  // What the provider says of a message stays true when the opening is over: these are never dropped.
  received(message: InboundMessage): Promise<void> {
    return this.receiver.received(this.options.sessionId, message);
  }

  acked(ack: Ack): Promise<void> {
    return this.receiver.acked(this.options.sessionId, ack);
  }

  changed(change: InboundChange): Promise<void> {
    return this.receiver.changed(this.options.sessionId, change);
  }

  caughtUp(): Promise<void> {
    // After what was reported before it, so that a gap is told of a session that is READY.
    this.enqueue(() => this.receiver.caughtUp(this.options.sessionId));
    return this.reports;
  }

  private async letGo(run: () => Promise<void>): Promise<void> {
    try {
      await this.launched;
      await run();
    } catch (error) {
      const { sessionId } = this.options;
      this.logger.error({ err: error, sessionId }, 'the engine could not let go of a session in the ordinary way');
    }
  }

  private finish(): void {
    this.isOver = true;
    this.isReady = false;
    clearTimeout(this.deadline);
    this.controller.abort();
  }

  private expectNextStage(reason: string): void {
    clearTimeout(this.deadline);
    if (this.isOver) return;
    this.deadline = setTimeout(() => {
      this.lost({ cause: 'connection', reason });
    }, this.options.stageTimeoutMs);
  }

  private enqueue(run: () => Promise<void>): void {
    this.reports = this.reports.then(async () => {
      if (this.isOver) return;
      try {
        await run();
      } catch (error) {
        const { sessionId } = this.options;
        this.logger.error({ err: error, sessionId }, 'a report of the engine could not be worked');
        // The status in the database may be behind what the engine says: begin again rather than lie.
        this.events.onLost(this, { cause: 'connection', reason: 'A change of the session could not be stored.' });
      }
    });
  }
}
