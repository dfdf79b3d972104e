/** A message as page and server exchange it; ids and addresses are plain text. */
export interface WireMessage {
  readonly id: string;
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly t: number;
  ack: number;
  readonly rawId?: string | undefined;
  readonly author?: string | undefined;
  readonly notifyName?: string | undefined;
  /** The sender under both of its addresses. */
  readonly pn?: string | undefined;
  readonly lid?: string | undefined;
  body?: string | undefined;
  readonly caption?: string | undefined;
  readonly mimetype?: string | undefined;
  readonly filename?: string | undefined;
  readonly size?: number | undefined;
  readonly directPath?: string | undefined;
  readonly quotedStanzaID?: string | undefined;
  readonly quotedParticipant?: string | undefined;
  readonly quotedMsg?: { readonly type: string; readonly body?: string | undefined } | undefined;
  readonly mentionedJidList?: readonly string[] | undefined;
  readonly isViewOnce?: boolean | undefined;
  readonly isForwarded?: boolean | undefined;
  readonly waveform?: unknown;
  readonly lat?: number | undefined;
  readonly lng?: number | undefined;
  readonly pollName?: string | undefined;
  readonly title?: string | undefined;
  readonly matchedText?: string | undefined;
  readonly subtype?: string | undefined;
  readonly recipients?: readonly string[] | undefined;
}
