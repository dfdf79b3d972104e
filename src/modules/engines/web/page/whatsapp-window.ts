/** WhatsApp's own models, as far as they are touched; the underscore is theirs. */
export interface PageWid {
  readonly _serialized: string;
  readonly user: string;
  readonly server: string;
}

export interface PageMessageKey {
  readonly _serialized: string;
  readonly id: string;
  readonly fromMe: boolean;
  readonly remote: PageWid;
}

export interface PageMessage {
  readonly id: PageMessageKey;
  readonly type: string;
  readonly body?: string;
  readonly t: number;
  readonly ack?: number;
  readonly from: PageWid;
  readonly isNotification?: boolean;
}

interface Models<T> {
  get(id: string): T | undefined;
  getModelsArray(): T[];
}

export interface PageChat {
  readonly id: PageWid & { isUser?(): boolean };
  readonly t?: number;
  readonly unreadCount?: number;
  readonly msgs: Models<PageMessage>;
}

export interface PageModules {
  WAWebSocketModel: {
    Socket: {
      readonly state: string;
      readonly hasSynced: boolean;
      on(event: 'change:state', listener: (model: unknown, state: string) => void): void;
      logout(): Promise<void>;
    };
  };
  WAWebCmd: { Cmd: { on(event: 'logout' | 'logout_from_bridge', listener: () => void): void } };
  WAWebConnModel: { Conn: { readonly ref?: string; readonly pushname?: string } };
  WAWebLaunchSocketUtils: { refreshQR(): unknown };
  WAWebUserPrefsMeUser: { getMaybeMePnUser(): PageWid | undefined; getMaybeMeLidUser(): PageWid | undefined };
  WAWebCollections: {
    Msg: Models<PageMessage> & {
      getMessagesById(ids: string[]): Promise<{ readonly messages: PageMessage[] } | undefined>;
    };
    Chat: Models<PageChat>;
  };
  WAWebQueryExistsJob: { queryWidExists: (wid: PageWid) => Promise<{ readonly wid?: PageWid } | null> };
  WAWebWidFactory: { createWid: (id: string) => PageWid };
  WAWebMsgKey: { newId: () => Promise<string> };
  WAWebFindChatAction: { findOrCreateLatestChat: unknown };
  WAWebSendMsgChatAction: { addAndSendMsgToChat: unknown };
  WAWebChatLoadMessages: { loadEarlierMsgs(from: { chat: PageChat }): Promise<PageMessage[] | undefined> };
}

/** What the engine itself keeps in a document; gone with it, so a reload begins anew. */
export interface DocumentNotes {
  listening: 'not' | 'attaching' | 'attached';
  isReadyTold: boolean;
}

/** The page as WhatsApp, whatsapp-web.js and the engine have furnished it. */
export interface WhatsAppWindow {
  require<K extends keyof PageModules>(name: K): PageModules[K];
  WWebJS?: {
    getChat(id: string, options: { getAsModel: false }): Promise<PageChat | null | undefined>;
    sendMessage: (chat: PageChat, text: string, options: object) => Promise<PageMessage | undefined>;
    enforceLidAndPnRetrieval(id: string): Promise<{ phone?: PageWid }>;
  };
  waypost?: DocumentNotes;
  waypostReport?(kind: 'state' | 'logout', value: string): Promise<void>;
  onAppStateHasSyncedEvent?(): Promise<void>;
}
