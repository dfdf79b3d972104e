export interface Mail {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  /** The same on every try of one mail, so that a receiver can recognise a repeat. */
  readonly messageId: string;
}

/** Hands mails to a mail server. */
export interface Mailer {
  /** False when no mail server is configured; then nothing may be sent. */
  readonly isConfigured: boolean;
  /** Resolves when the mail server has taken the mail, rejects when it has not. */
  send(mail: Mail): Promise<void>;
}

/** DI token; shares its name with the interface. */
export const Mailer = Symbol('Mailer');
