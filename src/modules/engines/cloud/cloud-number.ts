/** Meta's ids of a number and of the account that it belongs to. */
export interface CloudNumberIds {
  readonly phoneNumberId: string;
  /** Of the WhatsApp Business Account. */
  readonly accountId: string;
}

/** What proves that we may use a number; never shown to anybody. */
export interface CloudSecrets {
  readonly accessToken: string;
  /** Of the app that signs the webhooks. */
  readonly appSecret: string;
  /** Which Meta shows in the handshake of a webhook. */
  readonly verifyToken: string;
}

/** The number of a session, with its secrets. */
export interface CloudNumber extends CloudNumberIds, CloudSecrets {
  readonly sessionId: string;
}
