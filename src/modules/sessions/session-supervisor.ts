import { Inject, Injectable, Logger } from '@nestjs/common';

import { SessionsConfig } from '../../config/config.slices.js';
import { EngineRegistry, EngineUnavailableError, type LinkedNumber } from '../engines/index.js';
import { keyIdOf } from '../../platform/crypto/secret-box.js';
import type { Session } from './domain/session.js';
import type { MessageReceiver } from './message-receiver.js';
import { type Loss, Opening, type OpeningEvents } from './opening.js';
import { SerialQueue } from './serial-queue.js';
import { AlreadyAuthenticatedError, SessionNotFoundError, SessionOwnedElsewhereError } from './session.errors.js';
import { SessionLeases } from './session-leases.js';
import { SessionLosses } from './session-losses.js';
import { SessionReports } from './session-reports.js';
import { type BegunSession, SessionStatusWriter } from './session-status.js';

/** Launches that may run at once: a Chromium that starts takes a core. */
const CONCURRENT_LAUNCHES = 2;

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Without the proxy that it was given, a session would show where it is. */
const requireProxy = ({ engine, sealedProxy, proxy }: BegunSession): void => {
  if (sealedProxy === null || proxy !== null) return;
  const key = keyIdOf(sealedProxy) ?? 'of another version';
  const reason = `Its proxy was sealed with the encryption key ${key} and cannot be opened. Put the key into ENCRYPTION_KEYS_OLD, or set the proxy again.`;
  throw new EngineUnavailableError(engine, reason);
};

interface Running {
  readonly queue: SerialQueue;
  opening: Opening | undefined;
  reconnectTimer: NodeJS.Timeout | undefined;
}

/** Opens, watches and closes the sessions of this process: one start or stop at a time for each. */
@Injectable()
export class SessionSupervisor implements OpeningEvents {
  private readonly logger = new Logger(SessionSupervisor.name);
  private readonly running = new Map<string, Running>();
  private readonly launches = new SerialQueue(CONCURRENT_LAUNCHES);
  private receiver: MessageReceiver | undefined;
  private isClosing = false;

  constructor(
    private readonly engines: EngineRegistry,
    private readonly leases: SessionLeases,
    private readonly status: SessionStatusWriter,
    private readonly reports: SessionReports,
    private readonly losses: SessionLosses,
    @Inject(SessionsConfig) private readonly config: SessionsConfig,
  ) {}

  /** Whoever keeps the messages announces itself here, before anything is opened. */
  deliverTo(receiver: MessageReceiver): void {
    this.receiver = receiver;
  }

  opening(sessionId: string): Opening | undefined {
    return this.running.get(sessionId)?.opening;
  }

  openings(): readonly Opening[] {
    return [...this.running.values()].flatMap(({ opening }) => opening ?? []);
  }

  /** Whether this process is working on the session: open, or waiting to reconnect. */
  isMinding(sessionId: string): boolean {
    const running = this.running.get(sessionId);
    return running?.opening !== undefined || running?.reconnectTimer !== undefined;
  }

  /** Throws when another process drives the session: only that one can close it. */
  requireNotElsewhere(sessionId: string): Promise<void> {
    return this.leases.requireNotElsewhere(sessionId);
  }

  /** Opens the session unless it is open; resolves when the engine has taken it, long before it is READY. */
  start(sessionId: string, options: { readonly isRequested: boolean }): Promise<void> {
    const running = this.of(sessionId);
    return running.queue.run(async () => {
      if (running.opening !== undefined || this.isClosing) return;
      this.cancelReconnect(running);
      this.losses.forget(sessionId);
      await this.open(sessionId, running, options.isRequested);
    });
  }

  /** Closes the session; the credentials stay, and no reconnection follows. */
  stop(sessionId: string, reason: string): Promise<void> {
    const running = this.of(sessionId);
    this.cancelReconnect(running);
    // An opening that hangs is given up at once instead of being waited for.
    void running.opening?.end();
    return running.queue.run(() => this.close(sessionId, running, reason));
  }

  /** Closes the session and unlinks its number as far as the provider can be reached; the credentials are gone. */
  logout(session: Pick<Session, 'id' | 'engine'>): Promise<void> {
    const { id, engine } = session;
    const running = this.of(id);
    this.cancelReconnect(running);
    return running.queue.run(async () => {
      const { opening } = running;
      running.opening = undefined;
      // One that was ended before its engine had opened it has unlinked nothing.
      if (!(await opening?.logout())) await this.engines.get(engine).forget(id);
      await this.close(id, running, 'Somebody has logged it out.');
    });
  }

  /** The session is no more: nothing of it is kept by its engine, in memory or in the cache. */
  async forget({ id: sessionId, engine }: Pick<Session, 'id' | 'engine'>): Promise<void> {
    await this.engines.get(engine).forget(sessionId);
    this.running.delete(sessionId);
    this.losses.forget(sessionId);
    this.leases.forget(sessionId);
    await this.reports.qrGone(sessionId);
    await this.status.forget(sessionId);
  }

  /** For a session whose lease went to another process: let go, and say nothing about its status. */
  abandon(sessionId: string): void {
    const running = this.of(sessionId);
    this.cancelReconnect(running);
    void running.queue.run(() => this.end(running));
  }

  /** Closes everything for the end of the process. What is not open keeps its status and the reason for it. */
  async closeAll(): Promise<void> {
    this.isClosing = true;
    const closing = [...this.running].map(([sessionId, running]) => {
      this.cancelReconnect(running);
      void running.opening?.end();
      return running.queue.run(async () => {
        if (running.opening !== undefined) await this.close(sessionId, running, 'The server was stopped.');
      });
    });
    // One whose status cannot be stored must not keep the others from being closed.
    const failed = (await Promise.allSettled(closing)).find((result) => result.status === 'rejected');
    if (failed) throw asError(failed.reason);
  }

  /** For a session that only seems to be READY: nothing that it takes is acknowledged. It is opened anew. */
  reportUndeliverable(sessionId: string, reason: string): void {
    const opening = this.opening(sessionId);
    // Its reconnection may be under way already.
    if (opening?.isReady) this.onLost(opening, { cause: 'connection', reason });
  }

  /** What a process that died left standing: a session that nobody drives is not READY, and its code links nothing. */
  async clearUp(): Promise<void> {
    const closed = await this.status.clearUp(this.leases.owner, this.config.leaseMs);
    for (const sessionId of closed) await this.reports.qrGone(sessionId);
  }

  onQr(opening: Opening, text: string): Promise<void> {
    return this.reports.qrShown(opening, text);
  }

  onAuthenticated(opening: Opening): Promise<void> {
    return this.reports.authenticated(opening);
  }

  async onReady(opening: Opening, linked: LinkedNumber): Promise<void> {
    const { sessionId, engine } = opening.options;
    if (await this.reports.ready(opening, linked)) {
      this.reports.noQr(sessionId, new AlreadyAuthenticatedError(sessionId));
      this.losses.forget(sessionId);
      return;
    }
    const running = this.of(sessionId);
    void running.queue.run(async () => {
      if (running.opening !== opening) return;
      running.opening = undefined;
      if (!(await opening.logout())) await this.engines.get(engine).forget(sessionId);
      await this.writeDown(sessionId, running, async () => {
        await this.losses.refuseNumber(opening.options);
        return null;
      });
    });
  }

  onLost(opening: Opening, loss: Loss): void {
    const { sessionId } = opening.options;
    const running = this.of(sessionId);
    void running.queue.run(async () => {
      if (running.opening !== opening) return;
      running.opening = undefined;
      await opening.end();
      await this.writeDown(sessionId, running, () => this.losses.record(opening.options, loss));
    });
  }

  private async open(sessionId: string, running: Running, isRequested: boolean): Promise<void> {
    const fence = await this.leases.acquire(sessionId);
    if (fence === null) throw new SessionOwnedElsewhereError(sessionId);
    const session = await this.status.begin(sessionId);
    if (session === null) throw new SessionNotFoundError(sessionId);
    if (this.receiver === undefined) throw new Error('A session was opened before anybody receives its messages.');
    const { generation, engine, proxy } = session;
    const options = {
      ...{ sessionId, engine, generation, fence, isRequested, proxy },
      stageTimeoutMs: this.config.openTimeoutMs,
    };
    const opening = new Opening(options, this, this.receiver);
    running.opening = opening;
    // Not awaited: a launch may take a minute, and a stop must get through meanwhile.
    void this.launch(session, opening);
  }

  private async launch(session: BegunSession, opening: Opening): Promise<void> {
    try {
      await this.launches.run(async () => {
        if (opening.signal.aborted) return;
        requireProxy(session);
        await opening.launch(this.engines.get(session.engine));
      });
    } catch (error) {
      if (opening.signal.aborted) return;
      this.logger.warn({ err: error, sessionId: session.id }, 'a session could not be opened');
      this.reports.noQr(session.id, asError(error));
      const isHopeless = error instanceof EngineUnavailableError;
      const reason = isHopeless ? error.message : 'The engine could not open the session.';
      if (isHopeless) this.losses.giveUp(session.id);
      this.onLost(opening, { cause: 'connection', reason });
    }
  }

  /** Again and again while the database is away: the status must not go on saying READY. */
  private async writeDown(sessionId: string, running: Running, write: () => Promise<number | null>): Promise<void> {
    try {
      const retryInMs = await write();
      await this.reports.qrGone(sessionId);
      if (retryInMs !== null) this.later(running, retryInMs, () => this.reopen(sessionId, running));
    } catch (error) {
      this.logger.warn({ err: error, sessionId }, 'the loss of a session could not be stored and is tried again');
      const again = (): Promise<void> => running.queue.run(() => this.writeDown(sessionId, running, write));
      this.later(running, this.config.reconnectBaseMs, again);
    }
  }

  private async reopen(sessionId: string, running: Running): Promise<void> {
    try {
      await running.queue.run(async () => {
        if (running.opening === undefined && !this.isClosing) await this.open(sessionId, running, false);
      });
    } catch (error) {
      this.logger.warn({ err: error, sessionId }, 'a reconnection could not begin');
      // Then it is that process's to reconnect.
      if (error instanceof SessionOwnedElsewhereError) return;
      this.later(running, this.config.reconnectBaseMs, () => this.reopen(sessionId, running));
    }
  }

  private later(running: Running, delayMs: number, run: () => Promise<void>): void {
    if (this.isClosing) return;
    this.cancelReconnect(running);
    running.reconnectTimer = setTimeout(() => {
      running.reconnectTimer = undefined;
      void run();
    }, delayMs);
  }

  private async close(sessionId: string, running: Running, reason: string): Promise<void> {
    this.cancelReconnect(running);
    // Of an opening that another process has followed up meanwhile, the end is no end of the session.
    const generation = running.opening?.options.generation ?? 'any';
    await this.end(running);
    await this.reports.qrGone(sessionId);
    await this.status.move({ sessionId, generation }, { status: 'DISCONNECTED', reason, reconnectAttempts: 0 });
    // Once more: a code may have been on its way into the cache.
    await this.reports.qrGone(sessionId);
  }

  private async end(running: Running): Promise<void> {
    const { opening } = running;
    running.opening = undefined;
    await opening?.end();
  }

  private cancelReconnect(running: Running): void {
    clearTimeout(running.reconnectTimer);
    running.reconnectTimer = undefined;
  }

  private of(sessionId: string): Running {
    let running = this.running.get(sessionId);
    if (running === undefined) {
      running = { queue: new SerialQueue(), opening: undefined, reconnectTimer: undefined };
      this.running.set(sessionId, running);
    }
    return running;
  }
}
