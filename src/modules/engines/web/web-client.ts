import type { LinkedNumber, LossCause } from '../engine.port.js';
import { parsePhoneNumber, type PhoneNumber } from '../../../kernel/phone-number.js';
import { blockRequests } from './blocked-requests.js';
import { toError, within } from './deadline.js';
import {
  createClient,
  type Browser,
  type BrowserPage,
  type LibraryClient,
  type LibraryMessage,
  type PageChange,
} from './library.js';
import {
  adoptDocument,
  claimDocument,
  claimListeners,
  noteListenersAttached,
  readLinkedNumber,
} from './page/document.js';
import { listenForChanges } from './library-changes.js';
import type { NetworkRoute } from './network-route.js';
import type { Profile } from './profile.js';
import type { WebTimings } from './web-timings.js';

export interface Loss {
  readonly cause: LossCause;
  readonly reason: string;
}

/** What the client tells; some of it more than once, none of it after it was fenced off. */
export interface ClientEvents {
  onQr(text: string): void;
  onAuthenticated(): void;
  onReady(linked: LinkedNumber): void;
  /** The state of WhatsApp's connection, in WhatsApp's own word. */
  onState(state: string): void;
  /** The first synchronisation of a large account takes long, and moves on meanwhile. */
  onProgress(): void;
  onPageLoaded(): void;
  onMessage(message: LibraryMessage): void;
  onAck(message: LibraryMessage, ack: number): void;
  onChange(change: PageChange): void;
  onLost(loss: Loss): void;
}

export interface WebClientPlan {
  readonly profile: Profile;
  readonly timings: WebTimings;
  readonly route: NetworkRoute;
  readonly launch: (signal: AbortSignal) => object;
}

const MOVED_ON_MS = 2_000;
const HELPERS_END_MS = 500;
const BANNED = ['TOS_BLOCK', 'SMB_TOS_BLOCK'];

/** What WhatsApp's word for the end of a connection means. */
const lossOf = (word: string): Loss => {
  if (word === 'LOGOUT' || word.startsWith('UNPAIRED')) {
    return { cause: 'logged-out', reason: 'The number was unlinked on the phone.' };
  }
  if (BANNED.includes(word)) return { cause: 'auth-failure', reason: 'WhatsApp has blocked the number.' };
  if (word === 'CONFLICT') return { cause: 'connection', reason: 'The same link was opened in another browser.' };
  return { cause: 'connection', reason: `WhatsApp ended the connection (${word}).` };
};

/**
 * The library's client for one opening, with a browser that this class alone ends: every document is injected once,
 * a failure of the library is a loss instead of an unhandled rejection, and after `fence` nothing is told any more.
 */
export class WebClient {
  private readonly controller = new AbortController();
  private client: LibraryClient | undefined;
  private started: Promise<void> | undefined;
  private isFenced = false;
  private isInitialized = false;
  private navigations = 0;

  constructor(
    private readonly plan: WebClientPlan,
    private readonly events: ClientEvents,
  ) {}

  /** Resolves when the page shows where it stands: a QR, or a login that is going on. */
  start(): Promise<void> {
    this.started ??= this.initialize();
    return this.started;
  }

  /** Runs a function in the page, within its limit of time. */
  async call<A extends readonly unknown[], R>(
    what: string,
    timeoutMs: number,
    run: (...args: A) => R,
    ...args: A
  ): Promise<Awaited<R>> {
    const page = this.client?.pupPage;
    if (!page || this.controller.signal.aborted) throw new Error(`${what}: the browser is closed.`);
    return await within(timeoutMs, what, page.evaluate(run as never, ...args));
  }

  /** Asks the library, within a limit of time. */
  async ask<R>(what: string, timeoutMs: number, run: (client: LibraryClient) => Promise<R>): Promise<R> {
    const { client } = this;
    if (!client || this.controller.signal.aborted) throw new Error(`${what}: the browser is closed.`);
    return within(timeoutMs, what, run(client));
  }

  /** From here on nothing is told, and no further document is injected. */
  fence(): void {
    this.isFenced = true;
    this.client?.removeAllListeners();
  }

  /** Ends the browser, gently first, and resolves when no process holds the profile. */
  async stop(): Promise<void> {
    this.fence();
    const { closeMs } = this.plan.timings;
    const browser = this.client?.pupBrowser as Browser | null | undefined;
    // Seen before the browser ends: what it leaves behind can no longer be told to be its own.
    const processes = this.plan.profile.holders();
    if (browser?.connected === true)
      await within(closeMs, 'Closing the browser', browser.close()).catch(() => undefined);
    this.controller.abort();
    // While a launch is under way it could still bring a process to life behind our back.
    await within(closeMs, 'The end of the start', this.started ?? Promise.resolve()).catch(() => undefined);
    await this.plan.profile.evict(processes, HELPERS_END_MS);
  }

  private async initialize(): Promise<void> {
    const { profile } = this.plan;
    const client = await createClient({
      sessionId: profile.sessionId,
      profileRoot: profile.root,
      programMs: this.plan.timings.programMs,
      puppeteer: this.plan.launch(this.controller.signal),
      onBrowser: (browser, page) => this.watch(browser, page),
    });
    this.controller.signal.throwIfAborted();
    this.client = client;
    this.takeOver(client);
    this.listen(client);
    await client.initialize();
    this.isInitialized = true;
  }

  private async watch(browser: Browser, page: BrowserPage): Promise<void> {
    this.controller.signal.throwIfAborted();
    browser.on('disconnected', () => {
      this.lose({ cause: 'connection', reason: 'The browser has ended.' });
    });
    page.on('error', () => {
      this.lose({ cause: 'connection', reason: 'The page has crashed.' });
    });
    page.on('close', () => {
      this.lose({ cause: 'connection', reason: 'The page was closed.' });
    });
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame()) return;
      this.navigations += 1;
      if (frame.url().includes('post_logout=1')) this.lose(lossOf('LOGOUT'));
    });
    page.on('domcontentloaded', () => {
      if (!this.isFenced) this.events.onPageLoaded();
    });
    await this.plan.route.prepare(page);
    await blockRequests(page);
    await page.exposeFunction('waypostReport', (kind: 'state' | 'logout', value: string) => {
      if (kind === 'logout') this.lose(lossOf('LOGOUT'));
      else this.tellState(value);
    });
    // WhatsApp turns away browsers that call themselves headless.
    await page.setUserAgent({ userAgent: (await browser.userAgent()).replace('Headless', '') });
  }

  private takeOver(client: LibraryClient): void {
    const inject = client.inject.bind(client);
    const attach = client.attachEventListeners.bind(client);
    client.inject = () => this.injectDocument(client, inject);
    client.attachEventListeners = async () => {
      const document = this.navigations;
      try {
        if (!(await client.pupPage.evaluate(claimListeners))) return;
        await attach();
        await client.pupPage.evaluate(noteListenersAttached);
      } catch (error) {
        if (this.isFenced || (await this.hasMovedOn(document))) return;
        this.lose({ cause: 'connection', reason: `WhatsApp's page has changed: ${toError(error).message}` });
      }
    };
  }

  /** The library calls this for every navigation, those of frames and within the document included. */
  private async injectDocument(client: LibraryClient, inject: () => Promise<void>): Promise<void> {
    for (let document = this.navigations; !this.isFenced; document = this.navigations) {
      try {
        if (!(await client.pupPage.evaluate(claimDocument))) return;
        await inject();
        const state = await client.pupPage.evaluate(adoptDocument);
        this.tellState(state);
        return;
      } catch (thrown) {
        if (await this.hasMovedOn(document)) continue;
        const error = toError(thrown);
        if (!this.isInitialized) throw error;
        this.lose({ cause: 'connection', reason: `WhatsApp's page cannot be used: ${error.message}` });
      }
    }
  }

  /** Whether the page shows another document by now: what failed in the old one then says nothing. */
  private async hasMovedOn(document: number): Promise<boolean> {
    const deadline = performance.now() + MOVED_ON_MS;
    while (this.navigations === document && !this.isFenced && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this.isFenced || this.navigations !== document;
  }

  private listen(client: LibraryClient): void {
    client.on('qr', (text) => {
      this.events.onQr(text);
    });
    client.on('authenticated', () => {
      this.events.onAuthenticated();
    });
    client.on('ready', () => {
      void this.tellReady();
    });
    client.on('message', (message) => {
      this.events.onMessage(message);
    });
    client.on('message_ack', (message, ack) => {
      this.events.onAck(message, ack);
    });
    listenForChanges(client, (change) => {
      this.events.onChange(change);
    });
    client.on('loading_screen', () => {
      this.events.onProgress();
    });
    client.on('auth_failure', (reason) => {
      this.lose({ cause: 'auth-failure', reason });
    });
    client.on('disconnected', (word) => {
      this.lose(lossOf(word));
    });
  }

  private async tellReady(): Promise<void> {
    try {
      const { callMs } = this.plan.timings;
      const linked = await this.call('Reading the linked number', callMs, readLinkedNumber);
      if (linked === null || this.isFenced) return;
      const phone = parsePhoneNumber(linked.user) ?? (`+${linked.user}` as PhoneNumber);
      this.events.onReady({ phone, name: linked.name });
    } catch {
      // The page was reloaded meanwhile, and tells it again; or it hangs, and the limit for being ready ends it.
    }
  }

  private tellState(state: string): void {
    if (!this.isFenced) this.events.onState(state);
  }

  private lose(loss: Loss): void {
    if (!this.isFenced) this.events.onLost(loss);
  }
}
