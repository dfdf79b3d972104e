import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as requestPlain } from 'node:http';
import { Agent as SecureAgent, request as requestSecure } from 'node:https';

export interface Sending {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly timeoutMs: number;
  /** More than this of the answer is not read. */
  readonly maxBytes?: number;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

const MAX_ANSWER_BYTES = 64 * 1024;

/** Asks somebody else: a webhook, or the address of a file. Redirects are not followed. */
export class Outgoing {
  private readonly plain = new PlainAgent({ keepAlive: true });
  private readonly secure = new SecureAgent({ keepAlive: true });
  private cuts = 0;

  send(sending: Sending): Promise<Received> {
    const { cuts } = this;
    return new Promise((resolve, reject) => {
      const request = this.open(sending);
      request.once('error', (error: NodeJS.ErrnoException) => {
        // A connection that was kept open can be closed by the other side just now: that says nothing about the request.
        const isStale = request.reusedSocket && error.code === 'ECONNRESET' && cuts === this.cuts;
        if (isStale) resolve(this.send(sending));
        else reject(error);
      });
      // Also when the answer trickles: nobody waits longer than this for all of it.
      const timer = setTimeout(() => request.destroy(new Error('timeout')), sending.timeoutMs);
      request.once('close', () => {
        clearTimeout(timer);
      });
      request.once('response', (response) => {
        read(response, sending.maxBytes ?? MAX_ANSWER_BYTES).then(resolve, reject);
      });
      request.end(sending.body);
    });
  }

  /** Ends everything that is under way. */
  cut(): void {
    this.cuts += 1;
    this.plain.destroy();
    this.secure.destroy();
  }

  private open({ method, url, headers = {}, body }: Sending): ClientRequest {
    const target = new URL(url);
    const options = { method, headers: body === undefined ? headers : { ...headers, 'content-length': body.length } };
    return target.protocol === 'https:'
      ? requestSecure(target, { ...options, agent: this.secure })
      : requestPlain(target, { ...options, agent: this.plain });
  }
}

const read = async (response: IncomingMessage, maxBytes: number): Promise<Received> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
};
