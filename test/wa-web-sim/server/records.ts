/** What the simulator has written down, and how to ask for it. */

/** A message that reached the service. */
export interface SentRecord {
  readonly seq: number;
  readonly page: string;
  readonly phone: string;
  readonly id: string;
  readonly rawId: string;
  readonly to: string;
  readonly toPhone: string | null;
  readonly type: string;
  readonly body?: string;
  readonly caption?: string;
  readonly mimetype?: string;
  readonly filename?: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly media?: string;
  readonly quoted?: string;
  readonly quotedParticipant?: string;
  readonly mentions?: readonly string[];
  readonly isViewOnce?: boolean;
  readonly waveform?: boolean;
  readonly lat?: number;
  readonly lng?: number;
  readonly pollName?: string;
  readonly vcard?: string;
  readonly title?: string;
  readonly matchedText?: string;
  readonly forwarded?: boolean;
  readonly t: number;
  readonly at: number;
  ack: number;
  edited?: string;
  revoked?: boolean;
  reaction?: string;
}

export interface SentFilter {
  readonly phone?: string;
  readonly session?: string;
  readonly to?: string;
  readonly id?: string;
  readonly since?: number;
}

/** Anything else that a page did: seen, composing, archive, … */
export interface ActionRecord {
  readonly seq: number;
  readonly at: number;
  readonly page: string;
  readonly phone: string | null;
  readonly name: string;
  readonly args: unknown;
}

export interface ActionFilter {
  readonly phone?: string;
  readonly name?: string;
  readonly since?: number;
}

/** One line of the simulator's journal; the other fields depend on the type. */
export interface SimEvent {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly page?: string;
  readonly phone?: string | null;
  readonly id?: string;
  readonly kind?: string;
  readonly data?: unknown;
  readonly [detail: string]: unknown;
}

export interface EventFilter {
  readonly type?: string;
  readonly since?: number;
}

export interface WaitFilter extends EventFilter {
  readonly phone?: string;
  readonly id?: string;
  readonly kind?: string;
  readonly timeoutMs?: number;
}
