import { Inject, Injectable } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';

import { MailConfig } from '../../../config/config.slices.js';
import type { Mail, Mailer } from './mailer.js';

/** Shorter than the life of a mail job: a job that is tried again while its mail is still on the way sends it twice. */
const TIMEOUTS_MS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 10_000 };

const withTimeouts = (smtpUrl: string): string => {
  const url = new URL(smtpUrl);
  for (const [name, ms] of Object.entries(TIMEOUTS_MS)) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(ms));
  }
  return url.href;
};

@Injectable()
export class SmtpMailer implements Mailer {
  private readonly transport: Transporter | undefined;

  constructor(@Inject(MailConfig) private readonly config: MailConfig) {
    this.transport = config.smtpUrl === undefined ? undefined : createTransport(withTimeouts(config.smtpUrl));
  }

  get isConfigured(): boolean {
    return this.transport !== undefined;
  }

  async send({ to, subject, text, messageId }: Mail): Promise<void> {
    if (!this.transport) throw new Error('No mail server is configured.');
    await this.transport.sendMail({
      from: this.config.from,
      to,
      subject,
      text,
      messageId,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}
