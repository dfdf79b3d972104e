/** What travels over the page's socket, in both directions, as JSON with the kind in `t`. */
import type { LogoutMode, PageConfig } from './config.ts';
import type { SeenGroup } from './contract.ts';
import type { WireMessage } from './messages.ts';

/** What a linked device keeps in its profile; `secret` and `phone` exist once it is paired. */
export interface PageDevice {
  readonly deviceId: string;
  readonly noise: string;
  readonly identity: string;
  readonly adv: string;
  readonly secret?: string;
  readonly phone?: string;
}

export interface Hello {
  readonly t: 'hello';
  readonly device?: PageDevice;
  readonly ua: string;
  readonly url: string;
  readonly resume?: boolean;
}

export interface PageCallFrame {
  readonly t: 'rpc';
  readonly id: number;
  /** The name of the call and its parameters. */
  readonly m: string;
  readonly p?: unknown;
}

export type FromPage =
  | Hello
  | PageCallFrame
  | { readonly t: 'delivered'; readonly id: string }
  | { readonly t: 'synced' }
  | { readonly t: 'note'; readonly kind: string; readonly data: unknown };

interface LoginFrame {
  readonly t: 'login-ok';
  readonly wid: string;
  readonly lid: string;
  readonly pushname: string;
  readonly platform: string;
  readonly phoneInfo: Readonly<Record<string, string>>;
  readonly groups: readonly SeenGroup[];
  /** The addresses of all chats, also of those whose messages are not handed out. */
  readonly chats: readonly string[];
  readonly contacts: readonly ContactFrame[];
  readonly history: readonly WireMessage[];
  readonly unread: Readonly<Record<string, number>>;
  readonly offline: readonly WireMessage[];
}

export interface ContactFrame {
  readonly id: string;
  readonly name?: string | undefined;
  readonly pushname?: string | undefined;
  readonly isBusiness?: boolean | undefined;
  readonly lid?: string | undefined;
}

interface ReactionFrame {
  readonly msgId: string;
  readonly sender: string;
  readonly fromMe: boolean;
  readonly text: string | undefined;
  readonly rawId: string;
  readonly t: number;
}

interface CallFrame {
  readonly id: string;
  readonly peerJid: string;
  readonly isVideo: boolean;
  readonly isGroup: boolean;
  readonly canHandleLocally: boolean;
  readonly outgoing: boolean;
  readonly webClientShouldHandle: boolean;
  readonly participants: readonly string[];
}

export type ToPage =
  | { readonly t: 'welcome'; readonly paired: boolean }
  | { readonly t: 'ref'; readonly ref: string; readonly ttl: number }
  | { readonly t: 'idle' | 'conflict' | 'resync' | 'reload' | 'pushstate' | 'oom' }
  | { readonly t: 'pair-success'; readonly phone: string; readonly secret: string }
  | LoginFrame
  | { readonly t: 'logged-out'; readonly reason: string; readonly mode: LogoutMode | undefined }
  | { readonly t: 'message'; readonly msg: WireMessage }
  | { readonly t: 'ack'; readonly id: string; readonly ack: number; readonly force: boolean }
  | { readonly t: 'revoke'; readonly id: string; readonly by: string }
  | { readonly t: 'edit'; readonly id: string; readonly body: string; readonly at: number }
  | { readonly t: 'reaction'; readonly r: ReactionFrame }
  | { readonly t: 'call'; readonly call: CallFrame }
  | { readonly t: 'group'; readonly group: SeenGroup }
  | { readonly t: 'state'; readonly state: string }
  | { readonly t: 'hang'; readonly ms: number }
  | { readonly t: 'cfg'; readonly cfg: Partial<PageConfig> }
  | { readonly t: 'eval'; readonly js: string }
  | { readonly t: 'res'; readonly id: number; readonly r: unknown }
  | { readonly t: 'res'; readonly id: number; readonly err: string; readonly status: number | undefined };
