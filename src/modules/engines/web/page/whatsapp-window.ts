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
  readonly author?: PageWid;
  readonly isNotification?: boolean;
  readonly caption?: string;
  readonly size?: number;
  readonly mimetype?: string;
  readonly filename?: string;
  readonly directPath?: string;
  readonly encFilehash?: string;
  readonly filehash?: string;
  readonly mediaKey?: string;
  readonly mediaKeyTimestamp?: number;
  readonly mediaData?: { readonly mediaStage: string };
  downloadMedia(how: { readonly downloadEvenIfExpensive: boolean; readonly rmrReason: number }): Promise<unknown>;
}

/** What whatsapp-web.js makes a file of; ours is one already. */
export interface PageFile {
  readonly mimetype: string;
  readonly file?: File;
}

/** As whatsapp-web.js 1.34.7 reads them in `WWebJS.sendMessage`. */
export interface PageSendOptions {
  readonly media?: PageFile;
  readonly caption?: string;
  readonly sendAudioAsVoice?: boolean;
  readonly sendMediaAsSticker?: boolean;
  readonly sendMediaAsDocument?: boolean;
  readonly mentionedJidList?: readonly string[];
  readonly linkPreview?: boolean;
  readonly location?: {
    readonly latitude: number;
    readonly longitude: number;
    readonly description: string | undefined;
  };
  readonly poll?: {
    readonly pollName: string;
    readonly pollOptions: readonly { readonly name: string; readonly localId: number }[];
    readonly options: { readonly allowMultipleAnswers: boolean };
  };
}

interface Models<T> {
  get(id: string): T | undefined;
  getModelsArray(): T[];
}

export interface PageChat {
  readonly id: PageWid & { isUser?(): boolean };
  readonly t?: number;
  readonly unreadCount?: number;
  readonly groupMetadata?: { readonly isLidAddressingMode?: boolean };
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
  WAWebCmd: {
    Cmd: {
      on(event: 'logout' | 'logout_from_bridge', listener: () => void): void;
      sendRevokeMsgs(chat: unknown, list: object, options: object): Promise<unknown>;
    };
  };
  WAWebSendReactionMsgAction: { sendReactionToMsg(message: PageMessage, emoji: string): Promise<unknown> };
  WAWebMsgActionCapability: {
    canEditText(message: PageMessage): boolean;
    canSenderRevokeMsg(message: PageMessage): boolean;
  };
  WAWebAltDeviceLinkingApi: {
    setPairingType(type: string): void;
    initializeAltDeviceLinking(): Promise<unknown>;
    startAltLinkingFlow(digits: string, notify: boolean): Promise<string>;
  };
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
  WAWebApiContact: { getPhoneNumber: (lid: PageWid) => PageWid | undefined };
  WAWebWidFactory: { createWid: (id: string) => PageWid };
  WAWebMsgKey: (new (parts: object) => PageMessageKey) & { newId: () => Promise<string> };
  WAWebFindChatAction: { findOrCreateLatestChat: unknown };
  WAWebSendMsgChatAction: { addAndSendMsgToChat: unknown };
  WAWebDownloadManager: { downloadManager: { downloadAndMaybeDecrypt(wanted: object): Promise<ArrayBuffer> } };
  WALinkify: { findLink(text: string): object | undefined };
  WAWebLinkPreviewChatAction: { getLinkPreview(link: object): Promise<{ readonly data?: object } | null | undefined> };
  WAWebChatLoadMessages: { loadEarlierMsgs(from: { chat: PageChat }): Promise<PageMessage[] | undefined> };
}

/** What the engine itself keeps in a document; gone with it, so a reload begins anew. */
export interface DocumentNotes {
  listening: 'not' | 'attaching' | 'attached';
  isReadyTold: boolean;
  /** Files on their way into or out of the page, by a key of ours. */
  files?: Record<string, Uint8Array<ArrayBuffer>[] | undefined>;
}

/** The page as WhatsApp, whatsapp-web.js and the engine have furnished it. */
export interface WhatsAppWindow {
  require<K extends keyof PageModules>(name: K): PageModules[K];
  WWebJS?: {
    getChat(id: string, options: { getAsModel: false }): Promise<PageChat | null | undefined>;
    sendMessage: (chat: PageChat, text: string, options: object) => Promise<PageMessage | undefined>;
    mediaInfoToFile: (media: PageFile) => File;
    forwardMessage(chatId: string, messageId: string): Promise<unknown>;
    editMessage(message: PageMessage, text: string, options: object): Promise<unknown>;
    enforceLidAndPnRetrieval(id: string): Promise<{ phone?: PageWid }>;
  };
  waypost?: DocumentNotes;
  waypostReport?(kind: 'state' | 'logout', value: string): Promise<void>;
  onAppStateHasSyncedEvent?(): Promise<void>;
}
