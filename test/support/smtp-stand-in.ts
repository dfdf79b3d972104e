import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly mail: Email;
}

/** A real mail server on a port of its own, that can be down. */
export class SmtpStandIn {
  readonly received: ReceivedMail[] = [];
  /** The next mails are refused for the time being (451) after they have been transferred. */
  refusals = 0;
  private server: SMTPServer | undefined;

  private constructor(private readonly port: number) {}

  /** Knows its port, and does not listen yet. */
  static async reserve(): Promise<SmtpStandIn> {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    return new SmtpStandIn(port);
  }

  get url(): string {
    return `smtp://127.0.0.1:${String(this.port)}`;
  }

  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (this.refusals > 0) {
            this.refusals -= 1;
            callback(Object.assign(new Error('try again later'), { responseCode: 451 }));
            return;
          }
          const { mailFrom, rcptTo } = session.envelope;
          void PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
            const from = mailFrom === false ? '' : mailFrom.address;
            this.received.push({ from, to: rcptTo.map(({ address }) => address), mail });
            callback();
          });
        });
      },
    });
    server.on('error', () => undefined);
    this.server = server;
    await new Promise<void>((resolve) => {
      server.listen(this.port, '127.0.0.1', () => {
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    }
  }
}
