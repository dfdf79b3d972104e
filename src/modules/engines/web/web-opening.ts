import { Logger } from '@nestjs/common';

import type { Checkpoints } from '../../../platform/lifecycle/checkpoints.js';
import type { Ack, EngineReports, LinkedNumber } from '../engine.port.js';
import { levelOf } from './acknowledgements.js';
import { toError, within } from './deadline.js';
import type { LibraryMessage, PageChange } from './library.js';
import { unlink } from './page/document.js';
import { ReportQueue } from './report-queue.js';
import type { SessionGate } from './session-gate.js';
import { WebClient, type ClientEvents, type Loss, type WebClientPlan } from './web-client.js';
import { WebPeople } from './web-people.js';
import { WebReceiver } from './web-receiver.js';
import { WebSender } from './web-sender.js';

export interface WebOpeningPlan extends WebClientPlan {
  readonly gate: SessionGate;
  readonly checkpoints: Checkpoints;
  /** The browser is gone and the session may be opened again. */
  readonly onOver: () => void;
}

/**
 * One generation of a session, from its start to its end. It decides once that it is over, and what its page says
 * later changes nothing.
 */
export class WebOpening implements ClientEvents {
  readonly client: WebClient;
  readonly sender: WebSender;
  readonly people: WebPeople;
  private readonly logger = new Logger(WebOpening.name);
  private readonly receiver: WebReceiver;
  private readonly ackQueue: ReportQueue;
  private readonly lostEarly = Promise.withResolvers<never>();
  /** Reports wait until `open` has resolved: before that the listener has no handle to act with. */
  private held: (() => void)[] | null = [];
  private over: Promise<void> | undefined;
  private loss: Loss | undefined;
  private isStarting = true;
  private isOver = false;
  private isClosed = false;
  private lastQr = '';
  private isAuthenticatedTold = false;
  private isReady = false;
  private isFirstLink = false;
  private readyWatch: NodeJS.Timeout | undefined;

  constructor(
    private readonly plan: WebOpeningPlan,
    private readonly reports: EngineReports,
  ) {
    const { sessionId } = plan.profile;
    this.client = new WebClient(plan, this);
    this.sender = new WebSender(this.client, plan.timings, plan.checkpoints);
    this.people = new WebPeople(this.client, plan.timings);
    this.receiver = new WebReceiver(sessionId, this.client, this.people, plan.timings, reports);
    this.ackQueue = new ReportQueue(sessionId);
    this.lostEarly.promise.catch(() => undefined);
  }

  /** Runs inside the gate. When it rejects nothing is left running; a login that has ended is a report, not a rejection. */
  async start(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => {
      aborted.reject(toError(signal.reason ?? 'The opening was given up.'));
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      await this.plan.profile.prepare();
      const started = within(this.plan.timings.openMs, 'Opening WhatsApp Web', this.client.start());
      await Promise.race([started, aborted.promise, this.lostEarly.promise]);
    } catch (thrown) {
      this.isOver = true;
      const { loss } = this;
      await this.letGo(loss?.cause === 'logged-out');
      if (loss === undefined || loss.cause === 'connection') throw explain(toError(thrown));
      this.over = Promise.resolve();
      this.tell(() => {
        this.reports.lost(loss);
      });
    } finally {
      signal.removeEventListener('abort', abort);
    }
    this.isStarting = false;
    setImmediate(() => {
      this.release();
    });
  }

  onQr(text: string): void {
    if (this.isOver) return;
    // During a login whatsapp-web.js gives QR codes of empty parts.
    if (!text.startsWith('2@') || /,(undefined|null)?(,|$)/.test(text) || text === this.lastQr) return;
    this.lastQr = text;
    this.isFirstLink = true;
    clearTimeout(this.readyWatch);
    this.tell(() => {
      this.reports.qr(text);
    });
  }

  onAuthenticated(): void {
    if (this.isOver || this.isAuthenticatedTold) return;
    this.isAuthenticatedTold = true;
    this.expectReady();
    this.tell(() => {
      this.reports.authenticated();
    });
  }

  onReady(linked: LinkedNumber): void {
    if (this.isOver) return;
    clearTimeout(this.readyWatch);
    // Of a number that was linked just now, the unread messages are its past.
    const isCatchUpDue = !this.isFirstLink;
    this.isFirstLink = false;
    this.isReady = true;
    this.tell(() => {
      this.reports.ready(linked);
    });
    this.tell(() => {
      void this.receiver.catchUp(isCatchUpDue);
    });
  }

  onState(state: string): void {
    if (state.startsWith('UNPAIRED')) clearTimeout(this.readyWatch);
    else if (!this.isReady) this.expectReady();
  }

  onProgress(): void {
    if (!this.isReady) this.expectReady();
  }

  onPageLoaded(): void {
    this.isReady = false;
    this.lastQr = '';
    this.expectReady();
  }

  onMessage(message: LibraryMessage): void {
    if (!this.isOver) this.receiver.take(message);
  }

  onChange(change: PageChange): void {
    if (!this.isOver) this.receiver.takeChange(change);
  }

  onAck(message: LibraryMessage, ack: number): void {
    const level = levelOf(ack);
    if (this.isOver || !message.fromMe || level === null) return;
    const report: Ack = {
      providerMessageId: message.id.id,
      level,
      at: new Date(),
      ...(level === 'FAILED'
        ? { error: { code: 'rejected-by-whatsapp', detail: 'WhatsApp did not take the message.' } }
        : {}),
    };
    this.sender.acks.arrived(report.providerMessageId, level);
    this.ackQueue.add(() => this.reports.acked(report));
  }

  onLost(loss: Loss): void {
    if (this.isOver) return;
    this.isOver = true;
    this.loss = loss;
    this.client.fence();
    // What was held back is of a session that is gone.
    if (this.held !== null) this.held = [];
    if (this.isStarting) {
      this.lostEarly.reject(new Error(loss.reason));
      return;
    }
    this.over = this.inGate(() => this.letGo(loss.cause === 'logged-out'));
    void this.over
      .catch((error: unknown) => {
        this.logger.error({ err: error, sessionId: this.plan.profile.sessionId }, 'a lost session was not let go of');
      })
      .then(() => {
        this.tell(() => {
          this.reports.lost(loss);
        });
      });
  }

  /** Ends it and keeps the login; resolves when the browser is gone. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.fence();
    this.over ??= this.inGate(() => this.letGo(false));
    await this.over;
  }

  /** Unlinks the number as far as WhatsApp answers in time, ends it and removes the login; false when it was over. */
  async logout(): Promise<boolean> {
    const wasOver = this.over;
    this.isClosed = true;
    this.fence();
    if (wasOver) {
      await wasOver;
      return false;
    }
    this.over = this.inGate(async () => {
      const { logoutMs } = this.plan.timings;
      await this.client.call('Unlinking the number', logoutMs, unlink).catch((error: unknown) => {
        const reason = toError(error).message;
        // The page leaves for its start page as soon as it is unlinked, and takes the answer with it.
        if (/context was destroyed|detached/i.test(reason)) return;
        this.logger.warn({ sessionId: this.plan.profile.sessionId, reason }, 'the number may still be linked');
      });
      await this.letGo(true);
    });
    await this.over;
    return true;
  }

  private fence(): void {
    this.isOver = true;
    clearTimeout(this.readyWatch);
    this.client.fence();
  }

  private inGate(work: () => Promise<void>): Promise<void> {
    return this.plan.gate.run(this.plan.profile.sessionId, work);
  }

  private async letGo(isLoginGone: boolean): Promise<void> {
    this.fence();
    try {
      // The queues first: what was read from the page while it lived is not worth a warning when it dies.
      await Promise.all([this.receiver.stop(), this.ackQueue.stop(), this.client.stop()]);
      if (isLoginGone) await this.plan.profile.remove();
    } finally {
      this.plan.onOver();
    }
  }

  private expectReady(): void {
    clearTimeout(this.readyWatch);
    if (this.isOver) return;
    this.readyWatch = setTimeout(() => {
      this.onLost({ cause: 'connection', reason: 'WhatsApp Web did not become ready in time.' });
    }, this.plan.timings.readyMs);
  }

  private tell(report: () => void): void {
    if (this.held !== null) this.held.push(report);
    else this.deliver(report);
  }

  private release(): void {
    const reports = this.held ?? [];
    this.held = null;
    for (const report of reports) this.deliver(report);
  }

  private deliver(report: () => void): void {
    if (this.isClosed) return;
    try {
      report();
    } catch (error) {
      this.logger.error({ err: error, sessionId: this.plan.profile.sessionId }, 'a listener has failed');
    }
  }
}

/** What went wrong in words for people, where the cause is known. */
const explain = (error: Error): Error => {
  if (/ERR_(INTERNET_DISCONNECTED|NAME_NOT_RESOLVED|CONNECTION|ADDRESS|PROXY|TIMED_OUT)/.test(error.message)) {
    return new Error(`WhatsApp Web cannot be reached: ${error.message}`, { cause: error });
  }
  if (/No usable sandbox|setuid sandbox|namespace sandbox/i.test(error.message)) {
    return new Error(
      'Chromium finds no sandbox here: allow user namespaces, or set CHROMIUM_SANDBOX=false in a container.',
      { cause: error },
    );
  }
  return error.message === 'auth timeout' ? new Error('WhatsApp Web has not loaded its program in time.') : error;
};
