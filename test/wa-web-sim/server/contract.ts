/** What the control API takes and gives: shared by the server's routes and by SimControl. */
import type { LogoutMode } from './config.ts';

/** Which page a call means: by id, by its phone, or by the QR it shows. With one candidate, nothing is needed. */
export interface PageSelector {
  readonly session?: string | undefined;
  readonly phone?: string | undefined;
  readonly qr?: string | undefined;
}

/** Which account a call means. */
export interface AccountSelector {
  readonly session?: string | undefined;
  readonly phone?: string | undefined;
}

export interface PageView {
  readonly id: string;
  readonly deviceId: string | undefined;
  readonly phone: string | null;
  readonly loggedIn: boolean;
  readonly synced: boolean;
  /** The full text of the QR that the page shows now. */
  readonly qr: string | null;
  readonly refs: number;
  readonly idle: boolean;
  readonly refExpiresInMs: number | null;
  readonly connectedAt: number;
  readonly url: string | undefined;
  readonly ua: string | undefined;
  readonly notes: readonly PageNote[];
}

export interface PageNote {
  readonly kind: string;
  readonly data: unknown;
}

export interface AccountView {
  readonly phone: string;
  readonly wid: string;
  readonly lid: string;
  readonly pushname: string;
  readonly chats: readonly string[];
  readonly messages: number;
  readonly offline: number;
  readonly online: boolean;
  readonly devices: number;
}

export interface Participant {
  readonly id: string;
  admin?: string;
}

export interface Group {
  readonly id: string;
  subject: string;
  readonly owner: string;
  readonly creation: number;
  desc: string;
  descId?: string;
  participants: Participant[];
  invite: string;
  announce?: boolean;
  restrict?: boolean;
  memberAddMode?: string;
}

export interface SeenParticipant extends Participant {
  /** The number behind the LID. */
  readonly pn?: string;
}

export interface SeenGroup extends Omit<Group, 'participants'> {
  readonly participants: readonly SeenParticipant[];
  readonly isLidAddressingMode?: boolean;
}

export interface ScanRequest extends PageSelector {
  readonly phone: string;
  readonly pushname?: string;
  readonly platform?: string;
}

export interface PairCodeRequest {
  readonly code: string;
  readonly pushname?: string;
  readonly platform?: string;
}

export interface PairResult {
  readonly page: string;
  readonly phone: string;
  readonly deviceId: string;
}

export interface ExpireQrRequest extends PageSelector {
  /** true: all references are used up, as after 160 seconds. */
  readonly idle?: boolean;
}

export interface IncomingMedia {
  readonly mimetype: string;
  /** The bytes in base64, or only how many there are. */
  readonly data?: string;
  readonly bytes?: number;
  readonly fill?: number;
  readonly filename?: string;
  readonly ptt?: boolean;
  readonly sticker?: boolean;
  /** The message arrives, its file is gone. */
  readonly missing?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly duration?: number;
  readonly stage?: string;
}

export interface IncomingRequest extends AccountSelector {
  readonly from: string;
  readonly body?: string;
  readonly media?: IncomingMedia;
  readonly caption?: string;
  readonly group?: string;
  /** The id of the message that this one answers. */
  readonly quoted?: string;
  readonly pushname?: string;
  /** The same id again is a duplicate delivery. */
  readonly id?: string | undefined;
  readonly type?: string;
  readonly t?: number;
  /** An id as iPhones make them. */
  readonly ios?: boolean;
  readonly mentions?: readonly string[];
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface IncomingBurstRequest extends IncomingRequest {
  readonly count: number;
  readonly everyMs?: number;
}

export interface IncomingResult {
  readonly id: string;
  readonly chat: string;
  readonly rawId: string;
  /** false: no page is connected, the message waits for the next login. */
  readonly online: boolean;
  readonly duplicate?: boolean;
}

export interface BurstResult {
  readonly count: number;
  readonly ids: readonly string[];
}

export interface LogoutRequest extends AccountSelector {
  readonly mode?: LogoutMode;
  readonly deviceId?: string;
  readonly reason?: string;
}

export interface LogoutResult {
  readonly phone: string;
  readonly devices: number;
  readonly pages: readonly string[];
}

export interface DropConnectionRequest extends PageSelector {
  /** How long the network of that device stays down; without it until restoreConnection. */
  readonly ms?: number;
  readonly all?: boolean;
  readonly unpaired?: boolean;
}

/** The operations of a page that can be made to fail. */
export type FaultOperation =
  | 'send'
  | 'addMsg'
  | 'prep'
  | 'upload'
  | 'download'
  | 'queryExists'
  | 'resolveChat'
  | 'linkPreview'
  | 'edit'
  | 'revoke'
  | 'react'
  | 'createGroup'
  | 'scan';

export interface FaultPlan {
  readonly op: FaultOperation;
  /** `uncached` exists for `send` only, `silent` also for `edit` and `revoke`. Without a mode: error. */
  readonly mode?: 'error' | 'throw' | 'hang' | 'delay' | 'silent' | 'uncached';
  /** How many times; once unless told otherwise. */
  readonly count?: number;
  readonly phone?: string;
  readonly message?: string;
  readonly status?: number;
  readonly delayMs?: number;
}

export interface NumberEntry {
  readonly phone: string;
  readonly registered?: boolean;
  readonly name?: string;
  readonly pushname?: string;
  readonly about?: string;
  readonly biz?: boolean;
  readonly lid?: string;
  readonly pic?: string;
  /** The number refuses to be added to groups. */
  readonly privacyGroups?: boolean;
}

export interface GroupRequest extends AccountSelector {
  readonly id?: string;
  readonly owner?: string;
  readonly subject?: string;
  readonly desc?: string;
  readonly participants?: readonly string[];
}

export interface MessageSelector extends AccountSelector {
  readonly id: string;
}

export interface Health {
  readonly ok: boolean;
  readonly tlsPort: number;
  readonly pages: number;
  readonly version: string;
}
