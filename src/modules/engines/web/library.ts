import type { Chat, Client, Message } from 'whatsapp-web.js';

export type LibraryMessage = Message;
export type LibraryChat = Chat;

export interface MessageKey {
  readonly _serialized: string;
  readonly id: string;
  readonly fromMe: boolean;
}

/** What the library keeps of WhatsApp's own message, under WhatsApp's names. */
export const dataOf = (message: LibraryMessage): object => (message as unknown as { readonly _data: object })._data;

/** What the library tells of messages that were written before, and of calls; times in seconds since 1970. */
export type PageChange = { readonly t?: number | undefined } & (
  | { readonly kind: 'edited'; readonly id: MessageKey; readonly text: string }
  | { readonly kind: 'revoked'; readonly id: MessageKey }
  | { readonly kind: 'reacted'; readonly id: MessageKey; readonly from: string; readonly emoji: string }
  | {
      readonly kind: 'called';
      readonly callId: string;
      readonly from: string;
      readonly isVideo: boolean;
      readonly isGroup: boolean;
    }
);

export type BrowserPage = NonNullable<Client['pupPage']>;
export type Browser = NonNullable<Client['pupBrowser']>;

/** The inside of the library's client that the engine takes over; the version is pinned for it. */
export interface LibraryClient extends Client {
  pupPage: BrowserPage;
  pupBrowser: Browser;
  inject(): Promise<void>;
  attachEventListeners(): Promise<void>;
  initWebVersionCache(): Promise<void>;
}

export interface ClientPlan {
  readonly sessionId: string;
  readonly profileRoot: string;
  readonly puppeteer: object;
  readonly programMs: number;
  /** Called once, when the browser runs and before its page is loaded. */
  readonly onBrowser: (browser: Browser, page: BrowserPage) => Promise<void>;
}

/** Loads the library and puppeteer on first use: a process without such a session does not pay for them. */
export const createClient = async (plan: ClientPlan): Promise<LibraryClient> => {
  const { default: library } = await import('whatsapp-web.js');
  const auth = new library.LocalAuth({ clientId: plan.sessionId, dataPath: plan.profileRoot });
  // The library would delete the profile under the running browser, or, late, that of the next opening.
  auth.logout = () => Promise.resolve();
  const client = new library.Client({
    authStrategy: auth,
    puppeteer: plan.puppeteer,
    authTimeoutMs: plan.programMs,
    webVersionCache: { type: 'none' },
    // Its default is a Chrome of 2022 on a Mac: the real version is told by `onBrowser`.
    userAgent: false as unknown as string,
  }) as LibraryClient;
  let isKnown = false;
  auth.afterBrowserInitialized = async () => {
    // The library calls this again after a logout.
    if (isKnown) return;
    isKnown = true;
    await plan.onBrowser(client.pupBrowser, client.pupPage);
  };
  // It would only read every answer of the page, and reject where nobody listens when the page reloads meanwhile.
  client.initWebVersionCache = () => Promise.resolve();
  // The browser belongs to the opening; the library ends it in the middle of its own events.
  client.destroy = () => Promise.resolve();
  return client;
};
